//! The lines that a merchant copies: the tag, the package, the checkout, the call of one's own backend.

/** The server that this dashboard came from also serves the script. */
export const serverOrigin = () => window.location.origin;

export const tagSnippet = (origin: string, site: string) =>
  `<script defer src="${origin}/engagetrack.js"\n  data-site-id="${site}"></script>`;

export const packageSnippet = (origin: string, site: string) =>
  `// npm install engagetrack\nimport { init } from 'engagetrack';\n\ninit({ siteId: '${site}', apiHost: '${origin}' });`;

export const webhookAddress = (origin: string, provider: string, site: string) =>
  `${origin}/api/v1/webhooks/${provider}/${site}`;

export const CHECKOUT_SNIPPET = `// in the page
body: JSON.stringify(
  engagetrack.checkoutMetadata())

// on your server
metadata: await request.json()`;

export const purchaseSnippet = (origin: string, site: string, domain: string) =>
  `curl ${origin}/api/v1/event -d '{
  "site_id": "${site}",
  "url": "https://${domain}/checkout",
  "event_type": "purchase",
  "order_id": "1001",
  "revenue": "149.99",
  "currency": "USD",
  "visitor_uid": "…",
  "session_id": "…"
}'`;
