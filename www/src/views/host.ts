//! A domain as people paste it, reduced to its host.

/** People paste addresses; what is wanted is the host. */
export function hostOf(text: string): string {
  const trimmed = text.trim().toLowerCase();
  try {
    return new URL(trimmed.includes('://') ? trimmed : `https://${trimmed}`).hostname.replace(/^www\./, '');
  } catch {
    return trimmed;
  }
}
