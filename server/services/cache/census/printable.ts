const LONGEST_BYTES = 1_024

/** A key as text: Postgres keeps no zero bytes in JSON, and what cannot be read is shown as such. */
export const printable = (key: Buffer, bytes = LONGEST_BYTES) =>
  key
    .subarray(0, bytes)
    .toString('utf8')
    .replace(/[\0-\x1f\x7f]/g, '\ufffd')
