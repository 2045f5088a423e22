/**
 * One table of who may do what. Every command asks it; nothing else decides. A role of an area may do what its row
 * says inside that area only; city-wide roles hold the city as their area.
 */
export const ROLES = [
  'ADMIN',
  'BPJS',
  'DIRECTOR',
  'LEADERSHIP',
  'GOVERNANCE',
  'DISTRICT',
  'VILLAGE',
  'NEIGHBORHOOD',
  'SCREEN',
  'SYSTEM',
] as const;
export type Role = (typeof ROLES)[number];

export type Action = 'enroll' | 'import' | 'verify' | 'withdraw' | 'read-areas' | 'read-enrollments';

const MAY: Readonly<Record<Role, readonly Action[]>> = {
  ADMIN: ['read-areas'],
  BPJS: ['enroll', 'import', 'verify', 'withdraw', 'read-areas', 'read-enrollments'],
  DIRECTOR: ['read-areas'],
  LEADERSHIP: ['read-areas'],
  GOVERNANCE: ['withdraw', 'read-areas', 'read-enrollments'],
  DISTRICT: ['enroll', 'read-areas', 'read-enrollments'],
  VILLAGE: ['enroll', 'read-areas', 'read-enrollments'],
  NEIGHBORHOOD: ['enroll', 'read-areas', 'read-enrollments'],
  SCREEN: [],
  SYSTEM: ['enroll', 'import', 'verify', 'withdraw', 'read-areas', 'read-enrollments'],
};

/** Who acts. Comes from the session's row in the database, never from an argument. */
export interface Actor {
  readonly principalId: number;
  readonly role: Role;
  /** The area it answers for. */
  readonly areaCode: string;
}

/** Whether this actor's role may do this at all; where it may, see `isWithin` of the areas. */
export function may(actor: Actor, action: Action): boolean {
  return MAY[actor.role].includes(action);
}
