import { isDay, jakartaDay } from '#server/base/day.ts';
import { isRefusal, type Refusal, refuse } from '#server/base/refusal.ts';
import { type Actor, may } from '../access/policy.ts';
import { parseAreaCode } from '../areas/area-code.ts';
import type { Area } from '../areas/area-index.ts';
import type { Intake } from './intake.ts';
import { checkNik } from './nik.ts';
import type { PersonDetails } from './vault.ts';

/** What someone hands in. Dates are `yyyy-mm-dd`; `enrolledOn` is the program's today where it is missing. */
export interface EnrollInput {
  readonly neighborhood: string;
  readonly nik: string;
  readonly name: string;
  readonly birthDate?: string | null | undefined;
  readonly occupation?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly enrolledOn?: string | null | undefined;
}

export interface AcceptablePerson {
  readonly details: PersonDetails;
  readonly neighborhood: Area;
  readonly enrolledOn: string;
}

const NAME_CHARACTERS_MAX = 120;
const OCCUPATION_CHARACTERS_MAX = 80;
const PHONE_CHARACTERS_MAX = 24;
const BIRTH_DATE_MIN = '1900-01-01';

/**
 * Whether this actor may enroll this person here: everything but the question of duplicates, which only the ledger
 * can answer. A neighborhood outside the actor's area and one that does not exist get the same answer.
 */
export function judge(
  intake: Pick<Intake, 'program' | 'areas' | 'now' | 'isLoader'>,
  actor: Actor,
  input: EnrollInput,
): AcceptablePerson | Refusal {
  const program = intake.program();
  if (!program.isOpen && !intake.isLoader) return refuse('ProgramNotOpen');
  if (!may(actor, 'enroll')) return refuse('NotPermitted');

  const checked = checkNik(input.nik, { allowSimulated: program.mode !== 'LIVE' });
  if ('problem' in checked) return refuse('InvalidNik', 'nik', checked.problem);

  const neighborhood = findNeighborhood(intake, actor, input.neighborhood);
  if (!neighborhood) return refuse('UnknownNeighborhood', 'neighborhood');

  const today = jakartaDay(intake.now());
  const details = judgeDetails(input, checked.nik, today);
  if (isRefusal(details)) return details;

  const enrolledOn = input.enrolledOn ?? today;
  if (!isDay(enrolledOn)) return refuse('InvalidInput', 'enrolledOn', 'DATE');
  if (enrolledOn > today) return refuse('InvalidInput', 'enrolledOn', 'FUTURE');
  if (enrolledOn < program.startsOn) return refuse('InvalidInput', 'enrolledOn', 'BEFORE_START');
  return { details, neighborhood, enrolledOn };
}

function findNeighborhood(intake: Pick<Intake, 'areas'>, actor: Actor, text: string): Area | null {
  const code = parseAreaCode(text);
  const area = code === null ? undefined : intake.areas.byCode(code);
  if (area?.level !== 'NEIGHBORHOOD') return null;
  return intake.areas.isInside(area, actor.areaCode) ? area : null;
}

function judgeDetails(input: EnrollInput, nik: string, today: string): PersonDetails | Refusal {
  const name = tidy(input.name);
  if (name === '') return refuse('InvalidInput', 'name', 'EMPTY');
  if (name.length > NAME_CHARACTERS_MAX) return refuse('InvalidInput', 'name', 'TOO_LONG');
  const birthDate = input.birthDate ?? null;
  if (birthDate !== null) {
    if (!isDay(birthDate) || birthDate < BIRTH_DATE_MIN) return refuse('InvalidInput', 'birthDate', 'DATE');
    if (birthDate > today) return refuse('InvalidInput', 'birthDate', 'FUTURE');
  }
  const occupation = tidy(input.occupation ?? '');
  if (occupation.length > OCCUPATION_CHARACTERS_MAX) return refuse('InvalidInput', 'occupation', 'TOO_LONG');
  const phone = tidy(input.phone ?? '');
  if (phone.length > PHONE_CHARACTERS_MAX) return refuse('InvalidInput', 'phone', 'TOO_LONG');
  return { nik, name, birthDate, occupation: occupation || null, phone: phone || null };
}

function tidy(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}
