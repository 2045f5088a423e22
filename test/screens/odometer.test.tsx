import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { Odometer } from '#client/parts/odometer.tsx';

afterEach(cleanup);

test('[BRD-3] while the digits roll, the only text of a number is the true one', () => {
  const { rerender, container } = render(<Odometer text="37.058" />);
  expect(container.textContent).toBe('37.058');
  rerender(<Odometer text="37.061" />);
  expect(container.textContent).toBe('37.061');
  expect(screen.getByText('37.061').closest('[aria-hidden]')).toBeNull();
});

test('[BRD-3] the rolling wheels are hidden from assistive technology and carry no text', () => {
  const { container } = render(<Odometer text="74,08%" />);
  const wheels = container.querySelector('[aria-hidden="true"]');
  expect(wheels?.textContent).toBe('');
  expect(wheels?.querySelectorAll('[data-strip]')).toHaveLength(4);
  expect(
    [...(wheels?.querySelectorAll('[data-mark]') ?? [])].map((mark) => mark.getAttribute('data-mark')),
  ).toEqual([',', '%']);
});

test('[BRD-3] a number that grows by a digit keeps its wheels from the right', () => {
  const { rerender, container } = render(<Odometer text="9.999" />);
  const units = [...container.querySelectorAll('[data-strip]')].at(-1);
  rerender(<Odometer text="10.000" />);
  expect([...container.querySelectorAll('[data-strip]')].at(-1)).toBe(units);
  expect(container.textContent).toBe('10.000');
});
