// Plain syntax: this runs on the Node that is too old, too.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    'Perlu Node 20.19 atau lebih baru · Node 20.19 or newer is needed; this is ' +
      process.versions.node +
      '\n',
  );
  process.exit(1);
}
