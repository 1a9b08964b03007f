/** The embedded database cannot start, and a person can do something about it: the message says what, in one sentence. */
export class CannotStartDatabase extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CannotStartDatabase'
  }
}
