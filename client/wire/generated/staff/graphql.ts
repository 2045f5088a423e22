/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** City, kecamatan, kelurahan, lingkungan. */
export type AreaLevel =
  | 'CITY'
  | 'DISTRICT'
  | 'NEIGHBORHOOD'
  | 'VILLAGE';

/** What an answer can be broken down by: one level of areas, one grain of time, or both. Weeks begin on Monday. */
export type Dimension =
  | 'DAY'
  | 'DISTRICT'
  | 'MONTH'
  | 'NEIGHBORHOOD'
  | 'VILLAGE'
  | 'WEEK';

/** Why a figure fell, as coarse as a public word must be. */
export type FallReason =
  /** Entered twice, in error, or not eligible. */
  | 'DATA_CORRECTION'
  /** Moved away, died, or asked to leave. */
  | 'LEFT_PROGRAM';

/** Why a frame was sent. Each holds the whole state. */
export type FrameKind =
  /** The figures are held by the director. */
  | 'FROZEN'
  /** Nothing changed for five seconds, and the last look at the database succeeded. */
  | 'HEARTBEAT'
  /** To a newcomer, and to everyone on a new epoch. */
  | 'SNAPSHOT'
  /** The sums disagree: shown is the last good state. */
  | 'SUSPENDED'
  /** A figure in it changed. */
  | 'UPDATE';

/** What can be asked. */
export type Measure =
  /** enrolled / target at the end of the period. */
  | 'ACHIEVEMENT'
  /** Neighborhoods that had reached their own target. */
  | 'COMPLETE_NEIGHBORHOODS'
  /** People enrolled at the end of the period. */
  | 'ENROLLED'
  /** Sum of min(enrolled, own target) / target: no surplus hides a gap. */
  | 'EVEN_ACHIEVEMENT'
  /** What was missing to the target at the end of the period. */
  | 'GAP'
  /** Enrolled people with two covered months or more. */
  | 'MONTHS_MORE'
  /** Enrolled people without a covered month. */
  | 'MONTHS_NONE'
  /** Enrolled people with exactly one covered month. */
  | 'MONTHS_ONE'
  /** What enrolled grew by within the period; withdrawals taken off. */
  | 'NEW'
  /** Sum of the neighborhoods' own targets at the end of the period. */
  | 'TARGET';

/** A question about the program. */
export type MetricQuery = {
  /** Code of the area it is about; the city where it is missing. */
  area?: string | null | undefined;
  /** What it is broken down by; the whole where it is missing. */
  by?: Array<Dimension> | null | undefined;
  /** First day, included; the program’s first where it is missing. */
  from?: string | null | undefined;
  /** What is asked, at most 10. */
  measures: Array<Measure>;
  /** Last day, included; today where it is missing. */
  to?: string | null | undefined;
};

/** DEMO and REHEARSAL count made-up people and say so wherever they appear. */
export type ProgramMode =
  | 'DEMO'
  | 'LIVE'
  | 'REHEARSAL';

export type AnswerQueryVariables = Exact<{
  query: MetricQuery;
}>;


export type AnswerQuery = { metric: { revision: number, asOf: string, from: string, to: string, totals: Array<number | null>, columns: Array<{ measure: Measure }>, rows: Array<{ period: string | null, values: Array<number | null>, area: { code: string, name: string } | null }> } };

export type CityAreasQueryVariables = Exact<{ [key: string]: never; }>;


export type CityAreasQuery = { program: { startsOn: string, city: { code: string, name: string, totals: { neighborhoods: number }, children: Array<{ code: string, name: string, totals: { neighborhoods: number }, children: Array<{ code: string, name: string, totals: { neighborhoods: number } }> }> } } };

export type ClosingsQueryVariables = Exact<{
  area: string;
  by: Array<Dimension> | Dimension;
  from: string;
  to: string;
}>;


export type ClosingsQuery = { metric: { rows: Array<{ period: string | null, values: Array<number | null>, area: { code: string } | null }> } };

export type StandingFragment = { enrolled: number, target: number, neighborhoods: number, completeNeighborhoods: number, evenAchievement: number | null, monthsPaid: { one: number | null } | null, persistency: { tooNew: number | null, stopped: number | null, paying: number | null, inArrears: number | null, lapsed: number | null, resumed: number | null } | null };

export type AreaPictureFragment = { epoch: string, revision: number, kind: FrameKind, mode: ProgramMode, isLoading: boolean, asOf: string, sourceCutOff: string | null, whole: { rank: number | null, area: { code: string, name: string }, totals: { enrolled: number, target: number, neighborhoods: number, completeNeighborhoods: number, evenAchievement: number | null, monthsPaid: { one: number | null } | null, persistency: { tooNew: number | null, stopped: number | null, paying: number | null, inArrears: number | null, lapsed: number | null, resumed: number | null } | null } }, parts: Array<{ rank: number | null, area: { code: string, name: string }, totals: { enrolled: number, target: number, neighborhoods: number, completeNeighborhoods: number, evenAchievement: number | null, monthsPaid: { one: number | null } | null, persistency: { tooNew: number | null, stopped: number | null, paying: number | null, inArrears: number | null, lapsed: number | null, resumed: number | null } | null } }>, recent: Array<{ revision: number, at: string, delta: number, reason: FallReason | null, area: { code: string, name: string } }> };

export type FollowAreaSubscriptionVariables = Exact<{
  area: string;
  parts?: AreaLevel | null | undefined;
}>;


export type FollowAreaSubscription = { totalsChanged: { epoch: string, revision: number, kind: FrameKind, mode: ProgramMode, isLoading: boolean, asOf: string, sourceCutOff: string | null, whole: { rank: number | null, area: { code: string, name: string }, totals: { enrolled: number, target: number, neighborhoods: number, completeNeighborhoods: number, evenAchievement: number | null, monthsPaid: { one: number | null } | null, persistency: { tooNew: number | null, stopped: number | null, paying: number | null, inArrears: number | null, lapsed: number | null, resumed: number | null } | null } }, parts: Array<{ rank: number | null, area: { code: string, name: string }, totals: { enrolled: number, target: number, neighborhoods: number, completeNeighborhoods: number, evenAchievement: number | null, monthsPaid: { one: number | null } | null, persistency: { tooNew: number | null, stopped: number | null, paying: number | null, inArrears: number | null, lapsed: number | null, resumed: number | null } | null } }>, recent: Array<{ revision: number, at: string, delta: number, reason: FallReason | null, area: { code: string, name: string } }> } };

export type PlaceQueryVariables = Exact<{
  code: string;
}>;


export type PlaceQuery = { area: { code: string, name: string, level: AreaLevel, parent: { code: string, name: string, level: AreaLevel, children: Array<{ code: string }>, parent: { code: string, name: string, level: AreaLevel } | null } | null, children: Array<{ code: string, name: string }> } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const StandingFragmentDoc = new TypedDocumentString(`
    fragment Standing on Totals {
  enrolled
  target
  neighborhoods
  completeNeighborhoods
  evenAchievement
  monthsPaid {
    one
  }
  persistency {
    tooNew
    stopped
    paying
    inArrears
    lapsed
    resumed
  }
}
    `, {"fragmentName":"Standing"}) as unknown as TypedDocumentString<StandingFragment, unknown>;
export const AreaPictureFragmentDoc = new TypedDocumentString(`
    fragment AreaPicture on TotalsFrame {
  epoch
  revision
  kind
  mode
  isLoading
  asOf
  sourceCutOff
  whole {
    rank
    area {
      code
      name
    }
    totals {
      ...Standing
    }
  }
  parts {
    rank
    area {
      code
      name
    }
    totals {
      ...Standing
    }
  }
  recent {
    revision
    at
    delta
    reason
    area {
      code
      name
    }
  }
}
    fragment Standing on Totals {
  enrolled
  target
  neighborhoods
  completeNeighborhoods
  evenAchievement
  monthsPaid {
    one
  }
  persistency {
    tooNew
    stopped
    paying
    inArrears
    lapsed
    resumed
  }
}`, {"fragmentName":"AreaPicture"}) as unknown as TypedDocumentString<AreaPictureFragment, unknown>;
export const AnswerDocument = new TypedDocumentString(`
    query Answer($query: MetricQuery!) {
  metric(query: $query) {
    revision
    asOf
    from
    to
    columns {
      measure
    }
    rows {
      area {
        code
        name
      }
      period
      values
    }
    totals
  }
}
    `, {"hash":"ccb18fef16b02bd02a686af33179ab4e9215102f9dcd0bab5b02f1b82d2d2d0a"}) as unknown as TypedDocumentString<AnswerQuery, AnswerQueryVariables>;
export const CityAreasDocument = new TypedDocumentString(`
    query CityAreas {
  program {
    startsOn
    city {
      code
      name
      totals {
        neighborhoods
      }
      children {
        code
        name
        totals {
          neighborhoods
        }
        children {
          code
          name
          totals {
            neighborhoods
          }
        }
      }
    }
  }
}
    `, {"hash":"778d03996d929ff4770234629bff0d487e02f10975fc5308ae131049074d245e"}) as unknown as TypedDocumentString<CityAreasQuery, CityAreasQueryVariables>;
export const ClosingsDocument = new TypedDocumentString(`
    query Closings($area: String!, $by: [Dimension!]!, $from: Date!, $to: Date!) {
  metric(
    query: {measures: [ENROLLED], by: $by, area: $area, from: $from, to: $to}
  ) {
    rows {
      area {
        code
      }
      period
      values
    }
  }
}
    `, {"hash":"fc398d5669a30c422beeb187ea51e1395fab093d344a19e027f5ed31eb4425d9"}) as unknown as TypedDocumentString<ClosingsQuery, ClosingsQueryVariables>;
export const FollowAreaDocument = new TypedDocumentString(`
    subscription FollowArea($area: String!, $parts: AreaLevel) {
  totalsChanged(area: $area, parts: $parts) {
    ...AreaPicture
  }
}
    fragment Standing on Totals {
  enrolled
  target
  neighborhoods
  completeNeighborhoods
  evenAchievement
  monthsPaid {
    one
  }
  persistency {
    tooNew
    stopped
    paying
    inArrears
    lapsed
    resumed
  }
}
fragment AreaPicture on TotalsFrame {
  epoch
  revision
  kind
  mode
  isLoading
  asOf
  sourceCutOff
  whole {
    rank
    area {
      code
      name
    }
    totals {
      ...Standing
    }
  }
  parts {
    rank
    area {
      code
      name
    }
    totals {
      ...Standing
    }
  }
  recent {
    revision
    at
    delta
    reason
    area {
      code
      name
    }
  }
}`, {"hash":"5381c45cf9649e8b8c1046d04fafab71d4104032716ee00ab02bd11b0fe61d2f"}) as unknown as TypedDocumentString<FollowAreaSubscription, FollowAreaSubscriptionVariables>;
export const PlaceDocument = new TypedDocumentString(`
    query Place($code: String!) {
  area(code: $code) {
    code
    name
    level
    parent {
      code
      name
      level
      children {
        code
      }
      parent {
        code
        name
        level
      }
    }
    children {
      code
      name
    }
  }
}
    `, {"hash":"1a5b2f17f6eb23b1cb59e71c8db8a02331b48674d924cd078959901ed152a898"}) as unknown as TypedDocumentString<PlaceQuery, PlaceQueryVariables>;