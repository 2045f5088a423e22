import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount } from '#client/design/numbers.ts';
import { useTitle } from '#client/design/use-title.ts';
import { useStanding } from '#client/live/live-context.ts';
import { useArea } from '#client/live/use-area.ts';
import { AreaHero } from '#client/parts/area-hero.tsx';
import { type AreaRow, orderOf, orderText } from '#client/parts/area-rows.ts';
import { sumsOf, villageCodeOf } from '#client/parts/area-sums.ts';
import { AreaTable } from '#client/parts/area-table.tsx';
import { JustIn } from '#client/parts/just-in.tsx';
import { needsOf } from '#client/parts/needs.ts';
import { NeedsList } from '#client/parts/needs-list.tsx';
import { NeighborhoodTiles } from '#client/parts/neighborhood-tiles.tsx';
import { Waiting } from '#client/parts/notice.tsx';
import { dayOf, shiftDay } from '#client/parts/pace.ts';
import { PageLink } from '#client/parts/page-link.tsx';
import { PageTruth } from '#client/parts/page-truth.tsx';
import { saveFile } from '#client/parts/save-file.ts';
import { areaCsv } from './area-csv.ts';
import styles from './area-figures.module.css';
import { AreaLead } from './area-lead.tsx';
import type { Place } from './area-page.tsx';
import { AreaPath } from './area-path.tsx';
import { mostStopped, neighborhoodsOf, partsOf, rowsOf, tilesOf, wholePaceOf } from './area-view.ts';
import { usePast } from './use-past.ts';

/** The page of an area that this reader may see. It alone reads the picture, so that a frame is one commit. */
export function AreaFigures({ place }: { place: Place }) {
  const text = useText();
  const language = useLanguage();
  const { state } = useStanding();
  const navigate = useNavigate();
  const { sort } = useSearch({ strict: false }) as { sort?: unknown };
  const { code, level, children } = place;
  const picture = useArea(code, partsOf[level]);
  useTitle(place.name);
  const today = picture === null ? null : dayOf(picture.asOf);
  const past = usePast(code, level, picture?.epoch ?? null, today);
  const tiles = useMemo(
    () => (picture === null || level !== 'DISTRICT' ? [] : tilesOf(picture, children)),
    [picture, level, children],
  );
  if (picture === null || today === null) {
    return (
      <>
        <h1 className={styles.name}>{place.name}</h1>
        <Waiting>{text('area.loading')}</Waiting>
      </>
    );
  }

  const sums = sumsOf(picture.whole);
  const rows = rowsOf(level, picture, children, past.closings, today);
  const order = orderOf(sort);
  const names = new Map(children.map((child) => [child.code, child.name]));
  const needs = needsOf(level === 'CITY' ? [] : neighborhoodsOf(picture, past.weekAgo, shiftDay(today, -7)));
  const nameOf = (row: { code: string; name: string }) =>
    level === 'VILLAGE' ? (
      row.name
    ) : (
      <PageLink className="paper-link" to={`/${level === 'CITY' ? 'districts' : 'villages'}/${row.code}`}>
        {row.name}
      </PageLink>
    );

  return (
    <div
      className={styles.page}
      data-epoch={picture.epoch}
      data-revision={picture.revision}
      data-as-of={picture.asOf}
      data-state={state}
      data-mode={picture.mode.toLowerCase()}
    >
      <header className={styles.head}>
        <AreaPath place={place} />
        <h1 className={styles.name}>{place.name}</h1>
        <PageTruth picture={picture} />
      </header>
      <div className={styles.opening}>
        <AreaHero sums={sums}>
          <AreaLead
            pace={wholePaceOf(rows) ?? past.ownPace(sums.enrolled, today)}
            place={place}
            rank={picture.whole.rank}
            sums={sums}
          />
        </AreaHero>
      </div>
      <div className={styles.main}>
        {level !== 'NEIGHBORHOOD' && (
          <section className={styles.section}>
            <div className={styles.sectionHead}>
              <h2 className={styles.title}>
                {text(`area.children.${level}`, { count: formatCount(rows.length, language) })}
              </h2>
              <button className={`${styles.take} not-printed`} onClick={takeAway} type="button">
                {text('area.take-away')}
              </button>
            </div>
            <AreaTable
              caption={`${text(`area.children.${level}`, { count: formatCount(rows.length, language) })}, ${place.name}`}
              level={level}
              nameOf={nameOf}
              onOrder={(next) =>
                navigate({
                  search: ((now: object) => ({ ...now, sort: orderText(next) })) as never,
                  replace: true,
                  resetScroll: false,
                })
              }
              order={order}
              rows={rows}
            />
          </section>
        )}
        {level === 'DISTRICT' && (
          <section className={styles.section}>
            <h2 className={styles.title}>
              {text('area.neighborhoods', { count: formatCount(sums.neighborhoods, language) })}
            </h2>
            <p className={styles.about}>
              {text('area.neighborhoods.about', { complete: formatCount(sums.complete, language) })}
            </p>
            <NeighborhoodTiles head={nameOf} villages={tiles} />
          </section>
        )}
      </div>
      <aside
        aria-label={text(level === 'DISTRICT' || level === 'VILLAGE' ? 'needs.title' : 'just-in.title')}
        className={styles.aside}
      >
        {(level === 'DISTRICT' || level === 'VILLAGE') && (
          <NeedsList
            needs={needs}
            placeOf={(each) => (level === 'DISTRICT' ? (names.get(villageCodeOf(each)) ?? null) : null)}
            stopped={level === 'DISTRICT' ? mostStopped(rows) : null}
          />
        )}
        <JustIn recent={picture.recent} today={today} />
      </aside>
    </div>
  );

  function takeAway(): void {
    if (picture === null) return;
    saveFile(...areaCsv({ place, picture, rows: rows as readonly AreaRow[], order, language, text }));
  }
}
