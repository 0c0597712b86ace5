/** What checks a downloaded receipt in a shell, with the public key saved as `key.pem`. */
export const verifyLines = (tenant: string) =>
  [
    `jq -cjS 'del(.signature)' erasure-${tenant}.json > signed`,
    `jq -r .signature.value erasure-${tenant}.json | base64 -d > signature`,
    'openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in signed -sigfile signature',
  ].join('\n')
