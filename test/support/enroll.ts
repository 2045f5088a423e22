import type { Answer } from './product.ts';

export const ENROLL = `mutation Enroll($input: EnrollInput!) {
  enroll(input: $input) {
    __typename
    ... on EnrollPayload { revision enrollment { id status } }
    ... on Refusal { code field message }
  }
}`;

export const WITHDRAW = `mutation Withdraw($input: WithdrawInput!) {
  withdraw(input: $input) {
    __typename
    ... on WithdrawPayload { revision enrollment { id status } }
    ... on Refusal { code field message }
  }
}`;

export interface Outcome {
  readonly __typename: string;
  readonly revision: number;
  readonly enrollment: { readonly id: string; readonly status: string };
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
}

/** An identity number of nobody: province 99, born 1 January 1990, told apart by its place and serial. */
export function madeUpNik(number: number): string {
  const place = String(1 + Math.floor(number / 9_999)).padStart(4, '0');
  return `99${place}010190${String(1 + (number % 9_999)).padStart(4, '0')}`;
}

/** A whole, right input; `number` tells people and keys apart. */
export function enrollInput(number: number, neighborhood = '12.71.14.1001-001'): Record<string, unknown> {
  return { idempotencyKey: `test ${number}`, neighborhood, nik: madeUpNik(number), name: 'Orang Buatan' };
}

type Ask = <T>(query: string, variables: object, key?: string) => Promise<Answer<T>>;

/** Sends one enrollment and gives its outcome; throws where the answer is an error. */
export async function sendEnroll(ask: Ask, input: object, key: string): Promise<Outcome> {
  const { data, errors } = await ask<{ enroll: Outcome }>(ENROLL, { input }, key);
  if (errors) throw new Error(errors.map((error) => error.message).join('\n'));
  return data.enroll;
}
