import type { ReactNode } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount } from '#client/design/numbers.ts';
import styles from './area-hero.module.css';
import type { Sums } from './area-sums.ts';
import { BigNumber } from './big-number.tsx';
import { PayersBar } from './payers-bar.tsx';
import { Settling } from './settling.tsx';
import { ShareBar } from './share-bar.tsx';

interface Props {
  readonly sums: Sums;
  /** What the number means, in sentences. */
  readonly children: ReactNode;
}

/**
 * How a page opens: one number of its target, what it means in words, the way to the target as a band, and under it,
 * only as long as what is enrolled, who of them still pays.
 */
export function AreaHero({ sums, children }: Props) {
  const text = useText();
  const language = useLanguage();
  const { enrolled, target, bands } = sums;
  const share = target > 0 ? Math.min(1, enrolled / target) : 0;
  return (
    <section className={styles.hero}>
      <div className={styles.opening}>
        <p className={styles.number} data-total={enrolled}>
          <Settling value={enrolled}>
            <BigNumber text={formatCount(enrolled, language)} />
          </Settling>{' '}
          <span className={styles.target}>{text('figure.of', { whole: formatCount(target, language) })}</span>
        </p>
        <p className={styles.lead}>{children}</p>
      </div>
      <div className={styles.road}>
        <ShareBar part={enrolled} whole={target} />
      </div>
      {bands === null ? (
        <p className={styles.unknown}>{text('area.payers.unknown')}</p>
      ) : (
        <div className={styles.payers}>
          <div style={{ width: `${Math.max(0.08, share) * 100}%` }}>
            <PayersBar {...bands} />
          </div>
          <p className={styles.legend}>
            <span className={styles.whole}>
              {text('area.payers', { enrolled: formatCount(enrolled, language) })}
            </span>
            <Band kind="paying" count={bands.paying} name={text('area.paying')} />
            <Band kind="tooNew" count={bands.tooNew} name={text('area.too-new')} />
            <Band kind="notPaying" count={bands.notPaying} name={text('area.not-paying')} />
          </p>
        </div>
      )}
    </section>
  );
}

function Band({ kind, count, name }: { kind: keyof typeof styles; count: number | null; name: string }) {
  const text = useText();
  const language = useLanguage();
  return (
    <span className={`${styles.band} ${styles[kind]}`}>
      {count === null ? (
        text('board.band.hidden')
      ) : (
        <Settling value={count}>
          <b>{formatCount(count, language)}</b>
        </Settling>
      )}{' '}
      {name}
    </span>
  );
}
