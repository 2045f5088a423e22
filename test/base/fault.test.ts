import { describe, expect, test } from 'vitest';
import { asFault, Fault } from '#server/base/fault.ts';
import { BrokenInvariant, invariant } from '#server/base/invariant.ts';

describe('what goes wrong', () => {
  test('[SET-45] unexpectedly is a fault: it keeps its cause and the incident it was first given', () => {
    const cause = new Error('the disk is full');
    const fault = asFault(cause, 'the file could not be written');
    expect(fault).toMatchObject({ message: 'the file could not be written', cause });
    expect(fault.incident).toMatch(/^[2-9A-HJKMNP-Z]{8}$/);
    expect(asFault(fault)).toBe(fault);
    expect(new Fault('another').incident).not.toBe(fault.incident);
  });

  test('[SET-45] by our own mistake is a broken invariant, and neither fault nor refusal', () => {
    expect(() => invariant(1 + 1 === 2, 'sums agree')).not.toThrow();
    expect(() => invariant(false, 'sums agree')).toThrow(BrokenInvariant);
    expect(() => invariant(undefined, 'sums agree')).toThrow('sums agree');
  });
});
