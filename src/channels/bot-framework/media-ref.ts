/** Before the addresses of files that the channel's own service keeps: they are fetched with our token. */
export const AT_SERVICE = 'service:'

/** Before the keys of files that came inside of an activity and wait in our storage. */
export const STORED = 'stored:'

/** Before all other addresses, so that none of them can pass for one of those. */
const ELSEWHERE = 'public:'

/** How the address of a file begins that is the file itself. */
export const INSIDE = 'data:'

/**
 * What `fetchMedia` needs of a file's address. Decided when the activity is believed: our token goes to the service that
 * brought it and to nobody else.
 */
export function mediaRef(address: string, serviceUrl: string): string {
  if (address.startsWith(INSIDE)) return address
  return `${isAt(address, serviceUrl) ? AT_SERVICE : ELSEWHERE}${address}`
}

function isAt(address: string, serviceUrl: string): boolean {
  return URL.canParse(address) && new URL(address).origin === new URL(serviceUrl).origin
}

/** Where a file is, by its ref: the kind of place, and the address or key there. */
export function placeOf(ref: string): { at: typeof AT_SERVICE | typeof STORED | typeof ELSEWHERE; address: string } {
  for (const at of [AT_SERVICE, STORED] as const) if (ref.startsWith(at)) return { at, address: ref.slice(at.length) }
  return { at: ELSEWHERE, address: ref.replace(ELSEWHERE, '') }
}
