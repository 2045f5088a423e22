/**
 * `/`: where to go. One live number, what it means, and the doors that exist today.
 */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount, formatRate } from '#client/design/numbers.ts';
import { border } from '#client/design/songket.ts';
import { FollowTotals } from '#client/live/follow-totals.tsx';
import { createLive, LiveContext } from '#client/live/live-context.ts';
import { usePageSocket } from '#client/live/socket-context.ts';
import { usePicture } from '#client/live/use-picture.ts';
import { TruthCorner } from '#client/parts/truth-corner.tsx';
import type { Subject } from '#client/wire/cache.ts';
import { type Language, languages } from '#texts/catalog.ts';
import styles from './start.module.css';

const city: Subject = { area: null, parts: null };
const languageNames: Record<Language, string> = { id: 'Bahasa Indonesia', en: 'English' };

export default function Start() {
  const [live] = useState(createLive);
  const socket = usePageSocket();
  return (
    <LiveContext value={live}>
      <FollowTotals socket={socket} subject={city} />
      <Page />
    </LiveContext>
  );
}

function Page() {
  const text = useText();
  const picture = usePicture(city);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <p className={styles.program}>{text('page.title')}</p>
        <LanguageSwitch />
      </header>
      <main className={styles.main}>
        <h1 className={styles.lead}>{text('start.lead')}</h1>
        <Figures />
        <nav className={styles.doors} aria-label={text('start.where')}>
          <Link className={styles.door} to="/board" search={(now) => now}>
            <span className={styles.doorName}>{text('start.board')}</span>
            <span className={styles.doorAbout}>{text('start.board.about')}</span>
          </Link>
        </nav>
      </main>
      <footer className={styles.foot}>
        <TruthCorner picture={picture} />
      </footer>
      <div className={styles.border} style={{ backgroundImage: border }} />
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
    <div className={styles.figures}>
      <p className={styles.total}>{formatCount(enrolled, language)}</p>
      <p className={styles.meaning}>
        {text('start.of-target', { target: formatCount(target, language), area: picture.whole.area.name })}
        <br />
        {text('start.rate', {
          rate: formatRate(enrolled, target, 2, language),
          gap: formatCount(gap, language),
        })}
      </p>
    </div>
  );
}

function LanguageSwitch() {
  const text = useText();
  return (
    <nav className={styles.languages} aria-label={text('page.language')}>
      {languages.map((choice) => (
        <Link
          activeOptions={{ includeSearch: true, explicitUndefined: true }}
          className={styles.language}
          hrefLang={choice}
          key={choice}
          lang={choice}
          search={{ lang: choice === 'id' ? undefined : choice } as never}
          to="/"
        >
          {languageNames[choice]}
        </Link>
      ))}
    </nav>
  );
}
