/** `/`: where to go. One live number, what it means, and the doors that exist, by who one is. */
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount, formatRate } from '#client/design/numbers.ts';
import { border } from '#client/design/songket.ts';
import { FollowTotals } from '#client/live/follow-totals.tsx';
import { createLive, LiveContext } from '#client/live/live-context.ts';
import { PictureCache } from '#client/live/picture-cache.tsx';
import { useSession, useSessions } from '#client/live/session-context.ts';
import { usePicture } from '#client/live/use-picture.ts';
import { BigNumber } from '#client/parts/big-number.tsx';
import { homeOf, sectionsOf } from '#client/parts/home.ts';
import { LanguageSwitch } from '#client/parts/language-switch.tsx';
import { PageLink } from '#client/parts/page-link.tsx';
import { PageTruth } from '#client/parts/page-truth.tsx';
import type { Subject } from '#client/wire/cache.ts';
import type { Session } from '#client/wire/session.ts';
import type { TextKey } from '#texts/catalog.ts';
import styles from './start.module.css';

const city: Subject = { area: null, parts: 'DISTRICT' };

export default function Start() {
  const [live] = useState(createLive);
  const sessions = useSessions();
  useEffect(() => {
    if (sessions.session.get().kind === 'unknown') void sessions.read();
  }, [sessions]);
  return (
    <PictureCache>
      <LiveContext value={live}>
        <FollowTotals subject={city} />
        <Page />
      </LiveContext>
    </PictureCache>
  );
}

function Page() {
  const text = useText();
  const picture = usePicture(city);
  const session = useSession();
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <p className={styles.program}>{text('page.title')}</p>
        <LanguageSwitch className={styles.language} />
      </header>
      <main className={styles.main}>
        <section className={styles.opening}>
          <h1 className={styles.lead}>{text('start.lead')}</h1>
          <Figures />
        </section>
        <nav aria-label={text('start.where')} className={styles.doors}>
          <Door about={text('start.board.about')} name={text('start.board')} to="/board">
            <Scenes />
          </Door>
          <StaffDoors session={session} />
        </nav>
      </main>
      <footer className={styles.foot}>{picture !== null && <PageTruth picture={picture} />}</footer>
      <div aria-hidden="true" className={styles.border} style={{ backgroundImage: border }} />
    </div>
  );
}

function Figures() {
  const text = useText();
  const language = useLanguage();
  const picture = usePicture(city);
  if (picture === null) return <p className={styles.waiting}>{text('start.waiting')}</p>;
  const { enrolled, target, gap } = picture.whole.totals;
  return (
    <>
      <p className={styles.total} data-total={enrolled}>
        <BigNumber text={formatCount(enrolled, language)} />
      </p>
      <p className={styles.meaning}>
        {text('start.of-target', { target: formatCount(target, language), area: picture.whole.area.name })}
        <br />
        {text('start.rate', {
          rate: formatRate(enrolled, target, 2, language),
          gap: formatCount(gap, language),
        })}
      </p>
    </>
  );
}

const scenes: readonly { readonly scene: string; readonly name: TextKey }[] = [
  { scene: 'totals', name: 'start.scene.totals' },
  { scene: 'map', name: 'start.scene.map' },
  { scene: 'leaders', name: 'start.scene.leaders' },
];

function Scenes() {
  const text = useText();
  return (
    <span className={styles.scenes}>
      {scenes.map(({ scene, name }) => (
        <Link
          className={styles.scene}
          key={scene}
          search={((now: object) => ({ ...now, scene })) as never}
          to="/board"
        >
          {text(name)}
        </Link>
      ))}
    </span>
  );
}

/** With an account its own pages; without one the way in. */
function StaffDoors({ session }: { session: Session }) {
  const text = useText();
  if (session.kind !== 'person') {
    return (
      <>
        <Door about={text('start.leadership.about')} name={text('start.leadership')} to="/leadership" />
        <Door about={text('start.own.about')} name={text('start.own')} to="/sign-in" />
      </>
    );
  }
  const [first, ...others] = sectionsOf(session.person);
  if (first === undefined) return null;
  const isCity = homeOf(session.person) === '/leadership';
  return (
    <>
      <Door
        about={text(isCity ? 'start.leadership.about' : 'start.own.signed-in')}
        name={isCity ? text('start.leadership') : session.person.area.name}
        to={first.to}
      />
      {others.map(({ to }) => (
        <Door about={text('start.districts.about')} key={to} name={text('start.districts')} to={to} />
      ))}
    </>
  );
}

function Door({
  to,
  name,
  about,
  children,
}: {
  to: string;
  name: string;
  about: string;
  children?: ReactNode;
}) {
  return (
    <div className={styles.door}>
      <PageLink className={styles.doorName} to={to}>
        {name}
      </PageLink>
      <span className={styles.doorAbout}>{about}</span>
      {children}
    </div>
  );
}
