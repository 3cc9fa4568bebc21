import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Provider } from './signers.ts';

const OBJECTS = resolve(import.meta.dirname, '../../server/src/payments/testing');

/** A webhook before it is signed: the id that a header may carry, and the body. */
export interface Unsigned {
  id: string;
  body: any;
}

/** A sale, and a part of it given back, as a provider tells them. */
export interface Sale {
  orderId: string;
  /** The country of the customer, where the provider tells it. */
  country: string | null;
  sale: Unsigned[];
  refund: Unsigned[];
}

const METADATA = {
  engagetrack_visitor_id: 'v_8f14e45f-ceea-467f-a0e6-0123456789ab',
  engagetrack_session_id: 's_c9f0f895-fb98-4ab9-9f5e-0123456789ab',
};

/** Who buys in every sale. */
export const VISITOR = METADATA.engagetrack_visitor_id;
export const SESSION = METADATA.engagetrack_session_id;

function object(name: string, changed: Record<string, unknown> = {}): any {
  return { ...JSON.parse(readFileSync(join(OBJECTS, `${name}.json`), 'utf8')), ...changed };
}

function stripe(id: string, type: string, created: number, data: unknown): Unsigned {
  return { id, body: { id, object: 'event', type, created, livemode: true, data: { object: data } } };
}

function lemonSqueezy(name: string, attributes: any): Unsigned {
  const id = `${name}-${attributes.refunded_amount}`;
  const meta = { test_mode: false, event_name: name, webhook_id: id, custom_data: METADATA };
  return { id, body: { meta, data: { type: 'orders', id: '71001', attributes } } };
}

function paddle(id: string, type: string, at: string, data: unknown): Unsigned {
  return { id, body: { event_id: id, event_type: type, occurred_at: at, notification_id: 'ntf_1', data } };
}

function polar(id: string, type: string, timestamp: string, data: unknown): Unsigned {
  return { id, body: { type, timestamp, data } };
}

/** 58.31 EUR paid on 2 March 2026 at 9:30, of which 11.90 went back three days later. */
export const SALES: Record<Provider, () => Sale> = {
  stripe: () => ({
    orderId: 'pi_3first',
    country: 'RO',
    sale: [
      stripe('evt_1', 'checkout.session.completed', 1772443800, object('stripe/session', { metadata: METADATA })),
      stripe('evt_2', 'invoice.paid', 1772443800, object('stripe/invoice')),
      stripe('evt_3', 'invoice_payment.paid', 1772443800, object('stripe/invoice_payment')),
      stripe('evt_4', 'payment_intent.succeeded', 1772443798, object('stripe/intent')),
    ],
    refund: [
      stripe('evt_5', 'refund.created', 1772704800, object('stripe/refund')),
      stripe('evt_6', 'charge.refunded', 1772704800, object('stripe/charge', { amount_refunded: 1190 })),
    ],
  }),
  lemonsqueezy: () => ({
    orderId: 'order:71001',
    country: null,
    sale: [lemonSqueezy('order_created', object('lemonsqueezy/order'))],
    refund: [
      lemonSqueezy(
        'order_refunded',
        object('lemonsqueezy/order', { refunded_amount: 1190, updated_at: '2026-03-05T10:00:00.000000Z' }),
      ),
    ],
  }),
  paddle: () => ({
    orderId: 'txn_01kj1first0000000000000000',
    country: 'RO',
    sale: [
      paddle(
        'evt_1',
        'transaction.completed',
        '2026-03-02T09:30:01Z',
        object('paddle/transaction', { custom_data: METADATA }),
      ),
      paddle('evt_2', 'customer.created', '2026-03-02T09:27:00Z', object('paddle/customer')),
      paddle('evt_5', 'address.created', '2026-03-02T09:27:00Z', object('paddle/address')),
    ],
    refund: [
      paddle('evt_3', 'adjustment.created', '2026-03-05T10:00:00Z', object('paddle/adjustment')),
      paddle(
        'evt_4',
        'adjustment.updated',
        '2026-03-06T10:00:00Z',
        object('paddle/adjustment', { status: 'approved' }),
      ),
    ],
  }),
  polar: () => ({
    orderId: '3d0a3c1e-6d43-4a05-9a53-2f4c1b6f0001',
    country: 'RO',
    sale: [polar('msg_1', 'order.paid', '2026-03-02T09:30:01Z', object('polar/order', { metadata: METADATA }))],
    refund: [
      polar(
        'msg_2',
        'refund.created',
        '2026-03-05T10:00:01Z',
        object('polar/refund', { status: 'succeeded' }),
      ),
      polar(
        'msg_3',
        'order.refunded',
        '2026-03-05T10:00:02Z',
        object('polar/order', { refunded_amount: 1000, refunded_tax_amount: 190, metadata: METADATA }),
      ),
    ],
  }),
};
