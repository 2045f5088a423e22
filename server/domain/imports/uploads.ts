/**
 * Files that people send to the server: received, taken in, and remembered for whoever sent them.
 *
 * What is on disk meanwhile, the file and the report on it, is sealed with keys that only this process holds, so that
 * nothing readable is left behind, however it ends. After a restart an import is not known any more; its rows that
 * were committed are, and the same file again brings the rest.
 *
 * An import belongs to the principal who sent it: to everyone else it does not exist. Its id cannot be guessed.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '#server/base/clock.ts';
import { asFault } from '#server/base/fault.ts';
import type { Log } from '#server/base/log.ts';
import { type Actor, may } from '../access/policy.ts';
import type { Intake } from '../enrollments/intake.ts';
import { ImportCalledOff, type ImportCount, importFile } from './import-file.ts';
import { type FileProblem, fileProblem, isFileProblem } from './problems.ts';
import type { ReportNote } from './report.ts';
import { createSealedFile, type SealedFile } from './sealed-file.ts';

const UPLOAD_LIMITS = {
  megabytes: 20,
  rows: 200_000,
  /** Files received or taken in at the same time. */
  atOnce: 4,
  /** Rows told in the answer itself; the report has them all. */
  notes: 1_000,
  /** Finished imports that are remembered, and for how long. */
  kept: 50,
  keptMs: 24 * 3_600_000,
} as const;

const ID_BYTES = 24;
const BYTES_MAX = UPLOAD_LIMITS.megabytes * 1_000_000;

export type UploadState = 'RUNNING' | 'DONE' | 'REFUSED' | 'FAILED';

export interface Upload {
  readonly id: string;
  readonly state: UploadState;
  /** So far; null before the first batch. */
  readonly count: ImportCount | null;
  /** The first rows that were not accepted. */
  readonly notes: readonly ReportNote[];
  /** Why nothing of it was taken in. */
  readonly problem: FileProblem | null;
  /** Of the fault that ended it. */
  readonly incident: string | null;
  /** All rows that were not accepted, once it is done; null where there are none. */
  readonly report: SealedFile | null;
  /** Settles when it has ended, however it did; never rejects. */
  readonly ended: Promise<void>;
}

export interface Uploads {
  /** Receives a file to its end and begins to take it in. Rejects where the sender breaks off; then nothing is kept. */
  receive(actor: Actor, body: AsyncIterable<Uint8Array>): Promise<Upload | FileProblem>;
  find(actor: Actor, id: string): Upload | null;
  /** Ends what is under way at its next batch, and takes everything off the disk. */
  close(): Promise<void>;
}

export interface UploadsOptions {
  readonly folder: string;
  readonly intake: Intake;
  readonly clock: Clock;
  readonly log: Log;
}

type Remembered = { -readonly [Field in keyof Upload]: Upload[Field] } & {
  readonly principalId: number;
  readonly sentAt: number;
  readonly file: SealedFile;
};

export async function openUploads({ folder, intake, clock, log }: UploadsOptions): Promise<Uploads> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Of an earlier process, whose keys are gone.
  for (const name of await readdir(folder)) await rm(path.join(folder, name), { force: true });

  const known = new Map<string, Remembered>();
  let underWay = 0;
  let isClosing = false;

  const forgetOld = async () => {
    const ended = [...known.values()].filter((upload) => upload.state !== 'RUNNING');
    const tooMany = ended.slice(0, Math.max(0, ended.length - UPLOAD_LIMITS.kept));
    const tooOld = ended.filter((upload) => clock.now() - upload.sentAt > UPLOAD_LIMITS.keptMs);
    for (const upload of new Set([...tooMany, ...tooOld])) {
      known.delete(upload.id);
      await upload.report?.remove();
    }
  };

  const keep = async (name: string, body: AsyncIterable<Uint8Array>): Promise<SealedFile | FileProblem> => {
    const file = await createSealedFile(path.join(folder, name));
    try {
      let bytes = 0;
      for await (const chunk of body) {
        bytes += chunk.length;
        // Read on to the end: who is still sending does not hear an answer.
        if (bytes <= BYTES_MAX) await file.append(chunk);
      }
      if (bytes <= BYTES_MAX) return file;
    } catch (error) {
      await file.remove();
      throw error;
    }
    await file.remove();
    return fileProblem('TOO_LARGE', null, String(UPLOAD_LIMITS.megabytes));
  };

  const run = async (upload: Remembered, actor: Actor): Promise<void> => {
    const report = await createSealedFile(path.join(folder, `${upload.id}.report`));
    const notes: ReportNote[] = [];
    upload.notes = notes;
    try {
      const result = await importFile({
        intake,
        actor,
        trial: null,
        open: () => upload.file.read(),
        rowsMax: UPLOAD_LIMITS.rows,
        report: { write: (text) => report.append(text) },
        progress: (count) => {
          upload.count = count;
        },
        note: (note) => void (notes.length < UPLOAD_LIMITS.notes && notes.push(note)),
        isCalledOff: () => isClosing,
      });
      if (isFileProblem(result)) {
        upload.problem = result;
        upload.state = 'REFUSED';
      } else {
        upload.count = result;
        upload.report = report.isEmpty ? null : report;
        upload.state = 'DONE';
      }
    } finally {
      if (upload.report === null) await report.remove();
    }
  };

  const conclude = async (upload: Remembered, actor: Actor): Promise<void> => {
    try {
      await run(upload, actor);
    } catch (error) {
      const fault = asFault(error);
      upload.incident = fault.incident;
      upload.state = 'FAILED';
      const isOurs = !(error instanceof ImportCalledOff);
      if (isOurs) log.error({ err: fault, incident: fault.incident }, 'an import failed');
    } finally {
      underWay -= 1;
      await upload.file.remove().catch((err) => log.warn({ err }, 'an upload was not removed'));
    }
  };

  const begin = (id: string, file: SealedFile, actor: Actor): Remembered => {
    const upload: Remembered = {
      id,
      principalId: actor.principalId,
      sentAt: clock.now(),
      file,
      state: 'RUNNING',
      count: null,
      notes: [],
      problem: null,
      incident: null,
      report: null,
      ended: Promise.resolve(),
    };
    known.set(id, upload);
    upload.ended = conclude(upload, actor);
    return upload;
  };

  return {
    async receive(actor, body) {
      if (!may(actor, 'import')) return fileProblem('NOT_PERMITTED');
      if (underWay >= UPLOAD_LIMITS.atOnce || isClosing) return fileProblem('BUSY');
      underWay += 1;
      let isRunning = false;
      try {
        await forgetOld();
        const id = randomBytes(ID_BYTES).toString('base64url');
        const file = await keep(`${id}.upload`, body);
        if (isFileProblem(file)) return file;
        isRunning = true;
        return begin(id, file, actor);
      } finally {
        if (!isRunning) underWay -= 1;
      }
    },
    find(actor, id) {
      const upload = known.get(id);
      return upload?.principalId === actor.principalId ? upload : null;
    },
    async close() {
      isClosing = true;
      await Promise.all([...known.values()].map((upload) => upload.ended));
      await Promise.all([...known.values()].map((upload) => upload.report?.remove()));
    },
  };
}
