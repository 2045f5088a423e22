/** The database cannot be had. The message is one plain line for whoever started the program, and says what to do. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}
