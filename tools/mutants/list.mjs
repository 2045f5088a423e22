/**
 * Faults of the kind that live systems have had, each as an edit of our own code: which rule it breaks, and the test
 * file that must then go red for that rule. `from` is the exact text; where it is not there any more the fault has to
 * be written anew, and the run says so.
 */

/** @typedef {{ file: string, from: string, to: string }} Edit */
/** @typedef {{ fault: string, rule: string, test: string, edits: Edit[] }} Mutant */

/** @type {Mutant[]} */
export const MUTANTS = [
  {
    fault: 'the feed asks for ids above the last one, which writers made before they committed',
    rule: 'FLT-4',
    test: 'test/faults/server/late-writers.test.ts',
    edits: [
      {
        file: 'server/live/books.ts',
        from: 'revision > $2 AND revision <= $3 OFFSET 0',
        to: 'revision <= $3 OFFSET 0',
      },
      {
        file: 'server/live/books.ts',
        from: 'revision = p.revision OFFSET 0',
        to: `revision = p.revision AND enrollment_id > coalesce((SELECT max(b.enrollment_id::text)::uuid FROM entries b
              WHERE b.revision <= $2 AND b.program_id = $1), '00000000-0000-0000-0000-000000000000') OFFSET 0`,
      },
    ],
  },
  {
    fault: 'the screen takes the end of a connection for final',
    rule: 'WIR-4',
    test: 'test/wire/socket.test.ts',
    edits: [
      {
        file: 'client/wire/socket.ts',
        from: 'onEnd: () => again(backoffMs(tries++, random)),',
        to: 'onEnd: () => undefined,',
      },
    ],
  },
  {
    fault: 'an async generator between the hub and its reader, which is not let go while it waits',
    rule: 'LIV-6',
    test: 'test/live/hub.test.ts',
    edits: [
      {
        file: 'server/live/hub.ts',
        from: 'reader.put(reader.snapshot);\n      return reader;',
        to: 'reader.put(reader.snapshot);\n      return (async function* () { yield* reader; })();',
      },
    ],
  },
  {
    fault: 'what a key may do is remembered past a change of grants',
    rule: 'ACC-4',
    test: 'test/rules/policy.test.ts',
    edits: [
      {
        file: 'server/domain/access/principals.ts',
        from: '      changes += 1;\n      known.clear();',
        to: '      changes += 1;',
      },
    ],
  },
  {
    fault: 'a queue in place of the one slot of a slow reader',
    rule: 'SET-31',
    test: 'test/base/latest.test.ts',
    edits: [
      {
        file: 'server/base/latest.ts',
        from: '  #slot: { readonly value: T } | undefined;',
        to: '  #slot: { readonly value: T } | undefined;\n  #queue: { readonly value: T }[] = [];',
      },
      {
        file: 'server/base/latest.ts',
        from: 'this.#slot = { value };\n    return replaced;',
        to: 'if (replaced) this.#queue.push({ value });\n    else this.#slot = { value };\n    return false;',
      },
      {
        file: 'server/base/latest.ts',
        from: 'if (slot) {\n      this.#slot = undefined;',
        to: 'if (slot) {\n      this.#slot = this.#queue.shift();',
      },
    ],
  },
  {
    fault: 'the limits of documents are missing on the socket',
    rule: 'GQL-12',
    test: 'test/api/socket.test.ts',
    edits: [
      {
        file: 'server/graphql/documents.ts',
        from: "public: [...documentRules('public', isOpen), ...specifiedRules],",
        to: 'public: [...specifiedRules],',
      },
    ],
  },
  {
    fault: 'the answer is given before the commit',
    rule: 'LED-13',
    test: 'test/ledger/ledger.test.ts',
    edits: [
      {
        file: 'server/ledger/transactions.ts',
        from: "await Promise.all([current.query('COMMIT'), last]);",
        to: "(void current.query('COMMIT').catch(() => undefined), [{ command: 'COMMIT' }]);",
      },
    ],
  },
  {
    fault: 'the epoch is kept over a database that was put back',
    rule: 'LIV-22',
    test: 'test/live/epoch.test.ts',
    edits: [
      {
        file: 'server/live/high-water.ts',
        from: 'return mark !== null && mark.epoch === epoch && revision < mark.revision;',
        to: 'return false && mark !== null && mark.epoch === epoch && revision < mark.revision;',
      },
    ],
  },
  {
    fault: 'a heartbeat is sent whether or not the database was reached',
    rule: 'LIV-4',
    test: 'test/live/hub.test.ts',
    edits: [
      {
        file: 'server/live/hub.ts',
        from: 'if (!isLookFresh() && !isSuspended) return;',
        to: '',
      },
    ],
  },
  {
    fault: 'writers of several processes do without the lock of the ledger',
    rule: 'LED-21',
    test: 'test/ledger/writers.test.ts',
    edits: [
      {
        file: 'server/ledger/lock.ts',
        from: 'SELECT pg_advisory_xact_lock(',
        to: 'SELECT greatest(',
      },
    ],
  },
  {
    fault: 'a socket may say as much as it likes',
    rule: 'FLT-6',
    test: 'test/faults/server/floods.test.ts',
    edits: [
      {
        file: 'server/http/socket/line.ts',
        from: 'if (this.#messages > SOCKET_LIMITS.messagesPerSecond) {',
        to: 'if (this.#messages > Number.MAX_SAFE_INTEGER) {',
      },
    ],
  },
];
