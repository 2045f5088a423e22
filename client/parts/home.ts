/** Where each account belongs, from the area it answers for; what it may see there is decided by the server. */
import type { Person } from '#client/wire/session.ts';
import type { TextKey } from '#texts/catalog.ts';

export interface Section {
  readonly to: string;
  /** A text, or the name of the area itself. */
  readonly label: { readonly text: TextKey } | { readonly name: string };
}

export function sectionsOf({ area }: Pick<Person, 'area'>): readonly Section[] {
  switch (area.level) {
    case 'CITY':
      return [
        { to: '/leadership', label: { text: 'shell.city' } },
        { to: '/districts', label: { text: 'shell.districts' } },
      ];
    case 'DISTRICT':
      return [{ to: `/districts/${area.code}`, label: { name: area.name } }];
    case 'VILLAGE':
      return [{ to: `/villages/${area.code}`, label: { name: area.name } }];
    case 'NEIGHBORHOOD':
      return [{ to: '/kepling', label: { name: area.name } }];
  }
}

export function homeOf(person: Pick<Person, 'area'>): string {
  return sectionsOf(person)[0]?.to ?? '/';
}

/** Where a sign-in leads: back to the page one came from, if it is one of ours, else home. */
export function destinationOf(from: unknown, person: Pick<Person, 'area'>): string {
  if (typeof from !== 'string' || !/^\/(?![/\\])/.test(from)) return homeOf(person);
  const { pathname, search } = new URL(from, 'http://page');
  return pathname === '/sign-in' || pathname === '/' ? homeOf(person) : `${pathname}${search}`;
}
