import type { Pool } from 'pg';
import type { PrismaClient } from '#prisma/generated/client/client.ts';
import type { Actor } from '#server/domain/access/policy.ts';
import type { AreaIndex } from '#server/domain/areas/area-index.ts';
import type { Intake } from '#server/domain/enrollments/intake.ts';
import type { Past } from '#server/domain/metrics/past.ts';
import type { Live } from '#server/live/live.ts';
import type { Audience } from '#server/live/topic.ts';
import type { Language } from '#texts/catalog.ts';

/** What resolvers work with; one for the whole process. */
export interface Services {
  readonly live: Live;
  readonly areas: AreaIndex;
  readonly intake: Intake;
  readonly prisma: PrismaClient;
  /** Reads figures of the past. Never the live path's. */
  readonly reader: Pool;
  readonly past: Past;
}

/**
 * What one request knows of who asks. Frames are resolved with a context that has an audience and no actor, so that
 * a resolver which wants the reader fails instead of showing one reader's answer to another.
 */
export interface Context {
  readonly services: Services;
  readonly audience: Audience;
  /** Null for everyone without a session, and always null where a frame is made for many. */
  readonly actor: Actor | null;
  readonly language: Language;
}

/** The audience of an actor: city-wide roles share one, so that groups stay few. A screen sees what the public sees. */
export function audienceOf(actor: Actor | null): Audience {
  return actor === null || actor.role === 'SCREEN' ? 'public' : `staff:${actor.areaCode}`;
}

/** The area an audience answers for; null for the public. */
export function scopeOf(audience: Audience): string | null {
  return audience === 'public' ? null : audience.slice('staff:'.length);
}
