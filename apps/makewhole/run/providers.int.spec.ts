import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { openPostgresLog } from '#postgres/postgres-log';
import { testDatabase } from '#postgres/test-database';
import { silentLogger } from '#telemetry/logger';
import { startServices } from '#apps/makewhole/services';
import { requireConfig } from '#apps/makewhole/settings';
import { createTopics } from '#apps/makewhole/topics';
import { StripeEmulator, stripeKey, stripeSignature } from '#test/providers/stripe';
import { stripeCharge, stripeEvent, stripeRefundObject } from '#test/providers/webhooks';
import { masterKey } from '#test/casework/test-vault';

const secret = 'whsec_0123456789abcdef01';
const shop = 'a-secret-of-the-shop';

describe('a buyer who was charged twice at a provider', () => {
  it('is found from its webhooks, paid back by it once, and the refund that comes back fails the action', async () => {
    const database = await testDatabase();
    const stripe = new StripeEmulator();
    await stripe.start();
    for (const id of ['pi_1', 'pi_2']) stripe.pay(id, 5_000);
    stripe.faults.push('silent-after');
    const config = requireConfig(undefined, {
      DATABASE_URL: database.url,
      MAKEWHOLE_VAULT_MASTER_KEYS: masterKey(),
      MAKEWHOLE_HTTP_PORT: '0',
      MAKEWHOLE_API_KEYS: JSON.stringify([{ name: 'shop', roles: ['admin'], secret: shop }]),
      MAKEWHOLE_GATEWAY_WEBHOOKS_STRIPE_SECRETS: secret,
      MAKEWHOLE_ACTUATOR_STRIPE_SECRET_KEY: stripeKey,
      MAKEWHOLE_ACTUATOR_STRIPE_URL: stripe.url,
      MAKEWHOLE_ACTUATOR_PRIVATE_ADDRESSES: 'true',
      MAKEWHOLE_ACTUATOR_CALL_TIMEOUT_MS: '500ms',
      MAKEWHOLE_ACTUATOR_ASK_AGAIN_MS: '200ms',
    });
    const log = await openPostgresLog(database.url);
    await createTopics(log, config);
    const services = await startServices(['gateway', 'detector', 'casework', 'actuator'], {
      config,
      log,
      databaseUrl: database.url,
      logger: silentLogger,
    });
    const tell = async (type: string, object: object, id: string) => {
      const body = JSON.stringify(stripeEvent(type, object as never, { id, created: Math.floor(Date.now() / 1_000) }));
      const signature = stripeSignature(body, Date.now(), secret);
      await request(services.url).post('/v1/webhooks/stripe').set('stripe-signature', signature).send(body).expect(202);
    };
    const refundIs = async (state: string) => {
      let found: readonly { kind: string; state: string; reference?: string }[] = [];
      for (let tries = 0; tries < 600; tries++) {
        const { body } = await request(services.url).get('/v1/actions').set('x-api-key', shop).expect(200);
        found = body.actions;
        if (found.some((action) => action.kind === 'refund' && action.state === state)) return;
        await sleep(100);
      }
      throw new Error(`no refund is ${state}: ${JSON.stringify(found)}`);
    };

    try {
      const placed = {
        specversion: '1.0',
        id: 'order-1-placed',
        source: '/shop',
        type: 'order.placed',
        time: new Date().toISOString(),
        data: { accountId: 'cus_1', orderId: 'order-1', merchantId: 'stripe', total: { minor: 5_000, currency: 'EUR' } },
      };
      await request(services.url).post('/v1/events').set('x-api-key', shop).send(placed).expect(202);
      const second = stripeCharge({ id: 'ch_2', payment_intent: 'pi_2' });
      await tell('charge.succeeded', stripeCharge(), 'evt_1');
      await tell('charge.succeeded', second, 'evt_2');
      await tell('charge.succeeded', second, 'evt_2');
      await refundIs('confirmed');
      expect(stripe.refunds).toMatchObject([{ amount: 5_000, metadata: { accountId: 'cus_1' } }]);
      const { id, payment_intent } = stripe.refunds[0]!;

      const object = stripeRefundObject({ id, payment_intent, amount: 5_000, metadata: {} });
      await tell('refund.created', object, 'evt_3');
      await tell('refund.failed', { ...object, status: 'failed', failure_reason: 'expired_or_canceled_card' }, 'evt_4');
      await refundIs('failed');
    } finally {
      await services.close();
      await log.close();
      await stripe.stop();
      await database.drop();
    }
  });
});
