const HORA = 3_600_000

/** When a thing is said to have happened: an anonymous petition's times are cut to the hour, so that they match no chat. */
export function momento(ahora: Date, anonima: boolean): Date {
  return anonima ? new Date(Math.floor(ahora.getTime() / HORA) * HORA) : ahora
}
