globalThis.drawn = [];
let last = '';

function look() {
  requestAnimationFrame(look);
  const root = document.querySelector('[data-epoch]');
  const hero = document.querySelector('[data-total]');
  if (!root?.dataset.epoch || !hero) return;
  const areas = {};
  for (const row of document.querySelectorAll('[data-area]'))
    areas[row.dataset.area] = Number(row.dataset.enrolled);
  const seen = {
    epoch: root.dataset.epoch,
    revision: Number(root.dataset.revision),
    total: Number(hero.dataset.total),
    spoken: hero.textContent,
    areas,
  };
  const text = JSON.stringify(seen);
  if (text === last) return;
  last = text;
  // The frame in which it was seen is the first after the change; the next one is the second.
  requestAnimationFrame(() => {
    globalThis.drawn.push({ ...seen, paintedAt: performance.timeOrigin + performance.now() });
  });
}

requestAnimationFrame(look);
