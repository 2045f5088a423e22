import { useEffect, useState } from 'react';

const stepMs = 45_000;
const steps = 16;
const radiusPx = 3;

/** A few pixels of drift against burn-in, as a CSS `translate`; a step is a pixel or so and cannot be seen. */
export function useDrift(): string {
  const [step, setStep] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setStep((now) => (now + 1) % steps), stepMs);
    return () => clearInterval(timer);
  }, []);
  const angle = (2 * Math.PI * step) / steps;
  return `${Math.round(radiusPx * Math.sin(angle))}px ${Math.round(radiusPx * (1 - Math.cos(angle)))}px`;
}
