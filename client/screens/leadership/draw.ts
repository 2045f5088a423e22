/**
 * Draws an answer with ECharts: bars for areas, a line for time. Only what is drawn is imported; the file is a chunk of
 * its own. The chart writes the texts it is given and computes no figure; nothing moves but a changed length.
 */
import { BarChart, LineChart } from 'echarts/charts';
import { GridSimpleComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, GridSimpleComponent, SVGRenderer]);

export interface Mark {
  readonly name: string;
  readonly value: number;
  /** What the bar lies on: how far it could reach; null for none. */
  readonly whole: number | null;
  readonly text: string;
}

/** `lines`: bars beside the lines of a table, without names of their own. */
export type ChartKind = 'bars' | 'lines' | 'skyline' | 'line';

export interface Chart {
  show(kind: ChartKind, marks: readonly Mark[]): void;
  /** The mark at a place of the chart, in its pixels; null outside. */
  markAt(x: number, y: number): Mark | null;
  fit(): void;
  end(): void;
}

const ink = '#0e2a24';
const soft = '#47635a';
const leaf = '#24885a';
const track = '#e7e5d8';
const gold = '#f2c14e';
const font = "'Plus Jakarta Sans', system-ui, sans-serif";

export function drawIn(place: HTMLElement): Chart {
  const chart = init(place, null, { renderer: 'svg' });
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  let drawn: { kind: ChartKind; marks: readonly Mark[] } = { kind: 'bars', marks: [] };

  return {
    show(kind, marks) {
      const isSame = drawn.kind === kind && drawn.marks.length === marks.length;
      drawn = { kind, marks };
      chart.resize();
      chart.setOption(
        { animation: !calm && isSame, animationDurationUpdate: 500, ...optionOf(kind, marks) },
        { notMerge: !isSame },
      );
    },
    markAt(x, y) {
      const { kind, marks } = drawn;
      if (!chart.containPixel({ gridIndex: 0 }, [x, y])) return null;
      const [column, row] = chart.convertFromPixel({ gridIndex: 0 }, [x, y]) as [number, number];
      return marks[Math.round(kind === 'bars' || kind === 'lines' ? row : column)] ?? null;
    },
    fit: () => chart.resize(),
    end: () => chart.dispose(),
  };
}

function optionOf(kind: ChartKind, marks: readonly Mark[]): EChartsCoreOption {
  const text = { fontFamily: font, color: ink };
  const hidden = { axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false } };
  if (kind === 'bars' || kind === 'lines') {
    const hasWhole = marks.some(({ whole }) => whole !== null);
    return {
      grid: { left: 0, right: 84, top: 0, bottom: 0, containLabel: kind === 'bars' },
      xAxis: { type: 'value', show: false, min: lowest(marks), max: highest(marks) },
      yAxis: {
        type: 'category',
        inverse: true,
        data: marks.map(({ name }) => name),
        ...hidden,
        axisLabel: { ...text, show: kind === 'bars', fontSize: 15, margin: 14 },
      },
      series: [
        ...(hasWhole
          ? [
              {
                type: 'bar',
                data: marks.map(({ whole }) => whole),
                barWidth: 12,
                barGap: '-100%',
                itemStyle: { color: track },
                silent: true,
                label: labelled(marks, ({ value, whole }) => whole !== null && value < whole),
                z: 1,
              },
            ]
          : []),
        {
          type: 'bar',
          data: marks.map(({ value, whole }) => ({
            value,
            itemStyle: { color: whole !== null && value >= whole ? gold : leaf },
          })),
          barWidth: 12,
          label: labelled(marks, ({ value, whole }) => whole === null || value >= whole),
          z: 2,
        },
      ],
    };
  }
  const last = marks.length - 1;
  const peak = Math.max(1, ...marks.map(({ value }) => value));
  const peakAt = marks.findIndex(({ value }) => value === peak);
  const category = {
    type: 'category',
    data: marks.map(({ name }) => name),
    axisLine: { show: true, lineStyle: { color: soft } },
    axisTick: { show: false },
    axisLabel: {
      ...text,
      color: soft,
      fontSize: 14,
      margin: 12,
      interval: (index: number) => index === 0 || index === last,
      showMinLabel: true,
      showMaxLabel: true,
      alignMinLabel: 'left',
      alignMaxLabel: 'right',
    },
  };
  const value = { type: 'value', show: false, min: lowest(marks), max: peak };
  const grid = { left: 8, right: 8, top: 56, bottom: 10, containLabel: true };
  if (kind === 'skyline') {
    return {
      grid,
      xAxis: category,
      yAxis: value,
      series: [
        {
          type: 'bar',
          data: marks.map(({ value: each }) => each),
          barCategoryGap: '18%',
          itemStyle: { color: leaf },
        },
      ],
    };
  }
  return {
    grid: { ...grid, right: 96 },
    xAxis: { ...category, boundaryGap: false },
    yAxis: value,
    series: [
      {
        type: 'line',
        data: marks.map(({ value: each, text: written }, place) => ({
          value: each,
          // The end has a label of its own.
          label: { show: place === peakAt && place !== last, formatter: () => written },
        })),
        label: { position: 'top', distance: 8, ...text, fontSize: 16, fontWeight: 700 },
        symbol: 'circle',
        symbolSize: marks.length > 40 ? 0 : 6,
        showAllSymbol: true,
        itemStyle: { color: leaf },
        lineStyle: { color: leaf, width: 2.5 },
        areaStyle: { color: leaf, opacity: 0.08 },
        endLabel: {
          show: true,
          distance: 10,
          formatter: () => marks[last]?.text ?? '',
          ...text,
          fontSize: 18,
          fontWeight: 800,
        },
      },
    ],
  };
}

/** The text of each mark for which `isHere` holds, after the end of its bar. */
function labelled(marks: readonly Mark[], isHere: (mark: Mark) => boolean) {
  return {
    show: true,
    position: 'right',
    distance: 8,
    formatter: ({ dataIndex }: { dataIndex: number }) => {
      const mark = marks[dataIndex];
      return mark !== undefined && isHere(mark) ? mark.text : '';
    },
    fontFamily: font,
    color: ink,
    fontSize: 15,
    fontWeight: 700,
  };
}

/** The longest there is reaches the end: no length is lost to a round number. */
function highest(marks: readonly Mark[]): number {
  return Math.max(1, ...marks.map(({ value, whole }) => Math.max(value, whole ?? 0)));
}

/** Lengths begin at zero; only what falls below it goes below it. */
function lowest(marks: readonly Mark[]): number {
  return Math.min(0, ...marks.map(({ value }) => value));
}
