//! The demo shop: shows what the tag sends, moves the tabs, pays. It is loaded before the tag, so that it sees everything.
(() => {
  const KEPT = 'hearth.events';
  const MAX_EVENTS = 40;

  /** Events of the pages before this one: the list survives a navigation, within this tab. */
  function recall() {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
    } catch {
      return [];
    }
  }

  const events = recall();

  function keep() {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(events.slice(-MAX_EVENTS)));
    } catch {
      // Without storage the list begins anew on every page.
    }
  }

  function parse(body) {
    try {
      const parsed = JSON.parse(body);
      return Array.isArray(parsed) ? parsed : [parsed];
    } catch {
      return [];
    }
  }

  const isOurs = (address) => /\/api\/v1\/(event|identify)(\?|$)/.test(String(address));

  /** Notes what is sent and gives back a way to say how it was answered. */
  function note(body, way) {
    const sent = parse(body).map((event) => ({ event, way, at: Date.now(), answer: '…' }));
    events.push(...sent);
    while (events.length > MAX_EVENTS) events.shift();
    keep();
    draw();
    return (answer) => {
      for (const each of sent) each.answer = answer;
      keep();
      draw();
    };
  }

  async function textOf(body) {
    if (typeof body === 'string') return body;
    return body instanceof Blob ? body.text() : '';
  }

  const realFetch = window.fetch;
  window.fetch = (...call) => {
    const [input, init] = call;
    const address = input instanceof Request ? input.url : input;
    const answer = realFetch.apply(window, call);
    if (isOurs(address)) {
      textOf(init?.body).then((body) => {
        const settle = note(body, 'fetch');
        answer.then(
          (response) => settle(`answered ${response.status}`),
          () => settle('not delivered yet; it will be tried again'),
        );
      });
    }
    return answer;
  };

  const realBeacon = navigator.sendBeacon?.bind(navigator);
  if (realBeacon) {
    navigator.sendBeacon = (address, body) => {
      const taken = realBeacon(address, body);
      if (isOurs(address)) {
        const settle = (text) =>
          note(text, 'beacon')(taken ? 'handed to the browser' : 'refused by the browser');
        // A page on its way out has no time for promises: text is noted at once.
        if (typeof body === 'string') settle(body);
        else textOf(body).then(settle);
      }
      return taken;
    };
  }

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function facts(list, entries) {
    list.replaceChildren();
    for (const [name, value] of entries) {
      if (value === undefined || value === null || value === '') continue;
      list.append(element('dt', name), element('dd', String(value)));
    }
    if (!list.children.length) list.append(element('dt', 'nothing yet'));
  }

  const pathOf = (url) => {
    try {
      const { pathname, search } = new URL(url);
      return pathname + search;
    } catch {
      return url ?? '';
    }
  };

  function sentence({ event }) {
    if (event.user_id) return `identify ${event.user_id}`;
    const type = event.event_type ?? 'pageview';
    if (type === 'purchase') return `purchase ${event.order_id}: ${event.revenue} ${event.currency}`;
    return `${type === 'custom' ? event.event_name : type} of ${pathOf(event.url)}`;
  }

  function row(sent) {
    const item = element('li');
    const time = new Date(sent.at).toLocaleTimeString();
    item.append(element('div', sentence(sent)));
    item.append(element('small', `${time} · ${sent.way} · `), element('small', sent.answer, 'answer'));
    const details = element('details');
    details.append(element('summary', 'As it was sent'), element('pre', JSON.stringify(sent.event, null, 2)));
    item.append(details);
    return item;
  }

  /** getAttribution() nests the first touch; one level of names is enough to read. */
  function flat(value, prefix = '') {
    return Object.entries(value ?? {}).flatMap(([name, each]) =>
      each && typeof each === 'object' && !Array.isArray(each)
        ? flat(each, `${prefix}${name} `)
        : [[(prefix + name).replaceAll('_', ' '), name === 'at' ? new Date(each).toLocaleString() : each]],
    );
  }

  function draw() {
    const list = document.getElementById('events');
    if (!list) return;
    const tag = window.engagetrack;
    facts(document.getElementById('ids'), [
      ['visitor', tag?.getVisitorId?.()],
      ['session', tag?.getSessionId?.()],
    ]);
    facts(document.getElementById('attribution'), flat(tag?.getAttribution?.()));
    list.replaceChildren(...[...events].reverse().map(row));
    if (!events.length) list.append(element('li', 'Nothing yet.'));
    const metadata = document.getElementById('metadata');
    if (metadata) facts(metadata, Object.entries(tag?.checkoutMetadata?.() ?? {}));
  }

  const TABS = {
    details: 'Height 9 cm, 320 ml, 380 g. Made in small batches; the glaze runs differently on each.',
    care: 'The dishwasher is fine, the microwave too. It does not like sudden cold.',
    delivery: 'Leaves us within two days, wrapped in paper. Returned for free within thirty days.',
  };

  function showTab() {
    const tabs = document.getElementById('tabs');
    if (!tabs) return;
    const text = TABS[new URLSearchParams(location.search).get('tab')];
    for (const link of tabs.children) {
      if (text && link.search === location.search) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    if (text) document.getElementById('tab-body').replaceChildren(element('p', text));
  }

  function startTabs() {
    document.getElementById('tabs')?.addEventListener('click', (event) => {
      const link = event.target.closest('a');
      if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button) return;
      event.preventDefault();
      history.pushState(null, '', link.href);
      showTab();
    });
    window.addEventListener('popstate', showTab);
    showTab();
  }

  const AMOUNT = { minor: 2890, currency: 'USD' };

  const newOrderId = () => `SHOP-${Date.now().toString(36).toUpperCase()}`;

  async function pay() {
    const order = newOrderId();
    const response = await realFetch('/pay', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        order_id: order,
        amount: AMOUNT.minor,
        currency: AMOUNT.currency,
        metadata: window.engagetrack?.checkoutMetadata?.(order) ?? {},
        email: document.getElementById('email').value,
      }),
    });
    if (!response.ok) throw new Error(`The payment was not taken (${response.status}).`);
    const { payment_intent: payment } = await response.json();
    const search = new URLSearchParams({ order, ...(payment && { payment }) });
    location.assign(`/thanks?${search}`);
  }

  function startCheckout() {
    const form = document.getElementById('checkout');
    form?.addEventListener('submit', (event) => {
      event.preventDefault();
      const button = document.getElementById('pay');
      const fault = document.getElementById('fault');
      button.disabled = true;
      fault.hidden = true;
      pay().catch((error) => {
        fault.textContent = error.message;
        fault.hidden = false;
        button.disabled = false;
      });
    });
  }

  function startThanks() {
    const shown = document.getElementById('order');
    if (!shown) return;
    const search = new URLSearchParams(location.search);
    const order = search.get('order') ?? '';
    const payment = search.get('payment') ?? order;
    shown.textContent = order || 'unknown';
    const { dashboard, siteId } = document.body.dataset;
    if (payment) {
      const path = `/s/${encodeURIComponent(siteId)}/orders/${encodeURIComponent(payment)}`;
      document.getElementById('see').href = dashboard + path;
    }
  }

  /** "Typed in" is a visit of its own: the session of this tab is forgotten, and the link sends no referrer. */
  function startDirect() {
    document.getElementById('direct')?.addEventListener('click', () => {
      try {
        sessionStorage.clear();
        keep();
      } catch {
        // Nothing was stored, so there is nothing to forget.
      }
    });
  }

  document.addEventListener('DOMContentLoaded', () => {
    startTabs();
    startCheckout();
    startThanks();
    startDirect();
    draw();
    window.engagetrack?.ready?.then?.(draw);
  });
  window.addEventListener('load', draw);
})();
