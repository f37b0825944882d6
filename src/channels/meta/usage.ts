import { z } from 'zod'

/** Per cent of what we may use, after which we pause by ourselves; at 100 Meta refuses. */
const NEARLY_ALL = 95

/** Seconds to pause when Meta does not say how long; its counts are of a sliding hour. */
const PAUSE = 60

const counts = z.object({
  call_count: z.number().default(0),
  total_time: z.number().default(0),
  total_cputime: z.number().default(0),
  /** Minutes. */
  estimated_time_to_regain_access: z.number().default(0),
})

const cases = z.record(z.string(), z.array(counts))

/**
 * Seconds to leave the account alone, 0 for none, by the headers of an answer: `X-App-Usage`, `X-Page-Usage` and
 * `X-Business-Use-Case-Usage` (https://developers.facebook.com/docs/graph-api/overview/rate-limiting#headers).
 */
export function pauseAsked(headers: Headers): number {
  const own = ['x-app-usage', 'x-page-usage', 'x-ad-account-usage'].flatMap(
    (name) => counts.safeParse(parsed(headers.get(name))).data ?? [],
  )
  const byCase = cases.safeParse(parsed(headers.get('x-business-use-case-usage'))).data ?? {}
  return Math.max(0, ...[...own, ...Object.values(byCase).flat()].map(pauseOf))
}

function pauseOf(usage: z.output<typeof counts>): number {
  const regain = usage.estimated_time_to_regain_access * 60
  const used = Math.max(usage.call_count, usage.total_time, usage.total_cputime)
  return regain > 0 ? regain : used >= NEARLY_ALL ? PAUSE : 0
}

/** A header that is no JSON says nothing. */
function parsed(header: string | null): unknown {
  try {
    return header === null ? undefined : JSON.parse(header)
  } catch {
    return undefined
  }
}
