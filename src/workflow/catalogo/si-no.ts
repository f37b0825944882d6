import { z } from 'zod'

/** `si` and `no` as a person writes them in a file; `true` and `false` too. */
export const siNo = z
  .union([z.boolean(), z.enum(['si', 'sí', 'no'])], { error: 'expected si or no' })
  .transform((value) => value === true || value === 'si' || value === 'sí')
