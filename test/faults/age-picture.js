// What the browser kept becomes a day old, but for a minute: the longest age that a corner has to hold.
for (const slot of Object.keys(localStorage)) {
  const kept = JSON.parse(localStorage.getItem(slot));
  localStorage.setItem(slot, JSON.stringify({ ...kept, asOfAtMs: Date.now() - (24 * 3_600 - 60) * 1_000 }));
}
