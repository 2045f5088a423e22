import { useEffect, useState } from 'react';

export type SceneName = 'totals' | 'standby';

/** The scene that the address asks for; what it does not know is the totals. */
export function sceneOf(asked: unknown): SceneName {
  return asked === 'standby' ? 'standby' : 'totals';
}

const leaveMs = 350;

/** One scene at a time: the old one leaves, then the new one comes in, together under a second. */
export function useSceneChange(wanted: SceneName): { name: SceneName; phase: 'on' | 'leaving' } {
  const [name, setName] = useState(wanted);
  useEffect(() => {
    if (wanted === name) return;
    const timer = setTimeout(() => setName(wanted), leaveMs);
    return () => clearTimeout(timer);
  }, [wanted, name]);
  return { name, phase: wanted === name ? 'on' : 'leaving' };
}
