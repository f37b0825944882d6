/** Before the addresses of files that the channel's own service keeps: they are fetched with our token. */
export const AT_SERVICE = 'service:'

/** Before the keys of files that came inside of an activity and wait in our storage. */
export const STORED = 'stored:'

/**
 * What `fetchMedia` needs of a file's address. Decided when the activity is believed: our token goes to the service that
 * brought it and to nobody else.
 */
export const mediaRef = (address: string, serviceUrl: string): string =>
  isAt(address, serviceUrl) ? `${AT_SERVICE}${address}` : address

function isAt(address: string, serviceUrl: string): boolean {
  return URL.canParse(address) && new URL(address).origin === new URL(serviceUrl).origin
}
