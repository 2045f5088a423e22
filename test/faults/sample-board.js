globalThis.samples = [];

/** What anyone in front of the screen could say of it, ten times a second, from the first moment on. */
function look() {
  const root = document.querySelector('[data-state]');
  const hero = document.querySelector('[data-total]');
  const box = hero?.getBoundingClientRect();
  globalThis.samples.push({
    atMs: Date.now(),
    state: root?.dataset.state ?? null,
    revision: Number(root?.dataset.revision ?? -1),
    total: box && box.width > 100 && box.height > 20 ? Number(hero.dataset.total) : null,
    corner: document.querySelector('aside')?.innerText ?? '',
  });
}

setInterval(look, 100);
