import { setTimeout as sleep } from 'node:timers/promises';
import { days } from '#kernel/time';
import { orderOf, Scene } from '#test/actuator/scene';
import { factsOf } from '#test/money/examples';
import { AdyenEmulator, adyenAccount, adyenKey } from '#test/providers/adyen';
import type { WireFault } from '#test/providers/emulator';
import { refundOrder, voidOrder } from '#test/providers/orders';
import { paypalClient, PaypalEmulator } from '#test/providers/paypal';
import { StripeEmulator, stripeKey } from '#test/providers/stripe';

/** What happens on the wire to one refund: every fault, before and after the money moved, alone and one after the other. */
const wires: readonly (readonly WireFault[])[] = [
  [],
  ['silent-after'],
  ['silent-before'],
  ['reset-after'],
  ['reset-before', 'silent-after'],
  ['broken-after'],
  ['bad-gateway-after'],
  ['bad-gateway-before', 'bad-gateway-before'],
  ['too-many', 'reset-after'],
];

/** One database for all: payments, and so actions, have a name of their own in each test. */
describe('actions at a provider', () => {
  let scene: Scene;
  let stripe: StripeEmulator;
  let adyen: AdyenEmulator;
  let paypal: PaypalEmulator;
  const start = (env: Record<string, string> = {}) =>
    scene.startActuator({
      MAKEWHOLE_ACTUATOR_STRIPE_SECRET_KEY: stripeKey,
      MAKEWHOLE_ACTUATOR_STRIPE_URL: stripe.url,
      MAKEWHOLE_ACTUATOR_ADYEN_API_KEY: adyenKey,
      MAKEWHOLE_ACTUATOR_ADYEN_MERCHANT_ACCOUNT: adyenAccount,
      MAKEWHOLE_ACTUATOR_ADYEN_URL: adyen.url,
      MAKEWHOLE_ACTUATOR_PAYPAL_CLIENT_ID: paypalClient.clientId,
      MAKEWHOLE_ACTUATOR_PAYPAL_CLIENT_SECRET: paypalClient.clientSecret,
      MAKEWHOLE_ACTUATOR_PAYPAL_URL: paypal.url,
      MAKEWHOLE_ACTUATOR_CALL_TIMEOUT_MS: '300ms',
      ...env,
    });
  const row = async (name: string) => {
    const { rows } = await scene.pool.query<{ state: string; reason: string | null; asks: number; reserved: number }>(
      `SELECT a.state, a.reason, a.asks, p.reserved FROM actuator.action a LEFT JOIN actuator.payment_money p USING (payment_id)
       WHERE a.action_id = $1`,
      [`action-${name}`],
    );
    return rows[0]!;
  };
  const eventually = async (holds: () => boolean | Promise<boolean>) => {
    for (let tries = 0; tries < 2_000; tries++) {
      if (await holds()) return;
      await sleep(20);
    }
    throw new Error('it did not come about within 40 s');
  };
  /** A confirmed refund is asked about again now, not in a day. */
  const watchAgain = async (name: string) => {
    const { asks } = await row(name);
    await scene.pool.query('UPDATE actuator.action SET next_ms = 0 WHERE action_id = $1', [`action-${name}`]);
    await eventually(async () => (await row(name)).asks > asks || (await row(name)).state !== 'confirmed');
  };

  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene.close());
  beforeEach(async () => {
    stripe = new StripeEmulator();
    adyen = new AdyenEmulator();
    paypal = new PaypalEmulator();
    await Promise.all([stripe.start(), adyen.start(), paypal.start()]);
  });
  afterEach(async () => {
    await scene.stopAll();
    await Promise.all([stripe.stop(), adyen.stop(), paypal.stop()]);
  });

  it('whatever happens on the wire, the money goes back once and the action is confirmed', async () => {
    await start();
    for (const [index, faults] of wires.entries()) {
      const payment = `pi_wire${index}`;
      stripe.pay(payment, 5_000);
      stripe.faults.push(...faults);
      await scene.order(refundOrder('stripe', payment));
      await scene.until(payment, 'confirmed');
      expect([faults, stripe.refunded(payment)]).toEqual([faults, 2_000]);
    }
    expect(stripe.refunds).toHaveLength(wires.length);
    expect(scene.platform.calls).toEqual([]);
  });

  it('so it does at PayPal', async () => {
    await start();
    for (const [index, faults] of wires.entries()) {
      const payment = `CAPTUREWIRE${index}`;
      paypal.pay(payment, '50.00');
      paypal.faults.push(...faults);
      await scene.order(refundOrder('paypal', payment));
      await scene.until(payment, 'confirmed');
      expect([faults, paypal.refunded(payment)]).toEqual([faults, 2_000]);
    }
  });

  it('at Adyen it is taken on once, and pending until an event tells what became of it, once or twice, well or ill', async () => {
    await start();
    for (const [index, faults] of wires.entries()) {
      const payment = `PSPWIRE${index}`;
      adyen.pay(payment, 5_000);
      adyen.faults.push(...faults);
      await scene.order(refundOrder('adyen', payment));
      await scene.until(payment, 'pending');
      expect([faults, adyen.refunded(payment)]).toEqual([faults, 2_000]);
    }
    const told = (payment: string, patch: object) => factsOf(payment, { provider: 'adyen', asOf: 2_000, ...patch });
    const succeeded = { refundedMinor: 2_000, refundIds: ['key-PSPWIRE0'], succeededRefundIds: ['key-PSPWIRE0'] };
    const byReference = { refundedMinor: 2_000, refundIds: ['MOD0000000000003'], succeededRefundIds: ['MOD0000000000003'] };
    await scene.tell(
      told('PSPWIRE0', succeeded),
      told('PSPWIRE0', succeeded),
      told('PSPWIRE1', { failedRefundIds: ['key-PSPWIRE1'] }),
      told('PSPWIRE2', byReference),
      told('PSPWIRE3', { failedRefundIds: ['key-another'] }),
    );
    await scene.until('PSPWIRE0', 'confirmed');
    await scene.until('PSPWIRE1', 'failed');
    await scene.until('PSPWIRE2', 'confirmed');
    await scene.untilQuiet();
    const states = (await scene.results()).filter(({ actionId }) => actionId === 'action-PSPWIRE0').map(({ state }) => state);
    expect(states).toEqual(['sent', 'pending', 'confirmed']);
    expect([await row('PSPWIRE0'), await row('PSPWIRE1'), await row('PSPWIRE3')]).toMatchObject([
      { state: 'confirmed', reserved: 0 },
      { state: 'failed', reserved: 0 },
      { state: 'pending', reserved: 2_000 },
    ]);
    await scene.tell(told('PSPWIRE0', { asOf: 3_000, failedRefundIds: ['key-PSPWIRE0'] }));
    await scene.until('PSPWIRE0', 'failed');
  });

  it('a hold at Adyen is released when an event says so', async () => {
    adyen.pay('PSPHOLD000001', 5_000, 'authorised');
    await start();
    await scene.order(voidOrder('adyen', 'PSPHOLD000001'));
    await scene.until('PSPHOLD000001', 'pending');
    await scene.tell(factsOf('PSPHOLD000001', { capturedMinor: 0, voided: true, asOf: 2_000 }));
    await scene.until('PSPHOLD000001', 'confirmed');
    expect(adyen.modifications.map(({ kind }) => kind)).toEqual(['cancels']);
  });

  it('a release that Adyen says did not come about has failed, and a late word of another release changes nothing', async () => {
    adyen.pay('PSPHOLD000002', 5_000, 'authorised');
    await start();
    await scene.order(voidOrder('adyen', 'PSPHOLD000002'));
    await scene.until('PSPHOLD000002', 'pending');
    const held = { capturedMinor: 0, provider: 'adyen' };
    await scene.tell(factsOf('PSPHOLD000002', { ...held, asOf: 3_000, failedRefundIds: ['key-PSPHOLD000002'] }));
    await scene.until('PSPHOLD000002', 'failed');
    await scene.tell(factsOf('PSPHOLD000002', { ...held, asOf: 2_000, voided: true }));
    await scene.untilQuiet();
    expect(await row('PSPHOLD000002')).toMatchObject({ state: 'failed', reserved: 0 });
    expect(adyen.modifications).toHaveLength(1);
  });

  it('at Adyen a call whose answer was lost is made again under its key, a day later too, and nothing is done twice', async () => {
    adyen.pay('PSPLATE000001', 5_000);
    adyen.faults.push('silent-after', 'silent-before');
    await start();
    await scene.order(refundOrder('adyen', 'PSPLATE000001'));
    await eventually(() => adyen.modifications.length === 1);
    adyen.skewMs = days(1) + 1;
    await scene.until('PSPLATE000001', 'pending');
    expect(adyen.posts()).toBeGreaterThan(1);
    expect([adyen.modifications.length, adyen.refunded('PSPLATE000001')]).toEqual([1, 2_000]);
  });

  it('at PayPal a refund is looked up after days of silence, and one that fails later is found although nobody tells', async () => {
    paypal.pay('CAPTURELATE1', '50.00');
    paypal.faults.push('silent-after');
    await start();
    await scene.order(refundOrder('paypal', 'CAPTURELATE1'));
    await eventually(() => paypal.refunds.length === 1);
    paypal.deaf = true;
    paypal.skewMs = days(50);
    await scene.until('CAPTURELATE1', 'unknown');
    paypal.deaf = false;
    await scene.until('CAPTURELATE1', 'confirmed');
    expect([paypal.posts(), paypal.refunded('CAPTURELATE1')]).toEqual([1, 2_000]);
    paypal.refunds[0]!.status = 'FAILED';
    await watchAgain('CAPTURELATE1');
    await scene.until('CAPTURELATE1', 'failed');
    expect((await row('CAPTURELATE1')).reserved).toBe(0);
  });

  it('webhooks twice and out of order: the newest word of a refund stands, and its money is counted once', async () => {
    stripe.pay('pi_order', 5_000);
    stripe.firstStatus = 'pending';
    await start();
    await scene.order(refundOrder('stripe', 'pi_order'));
    await scene.until('pi_order', 'pending');
    stripe.deaf = true;
    const { id } = stripe.refunds[0]!;
    const told = (asOf: number, patch: object) => factsOf('pi_order', { provider: 'stripe', asOf, ...patch });
    const failed = told(3_000, { failedRefundIds: [id] });
    const succeeded = told(2_000, { refundedMinor: 2_000, refundIds: [id], succeededRefundIds: [id] });
    await scene.tell(failed, succeeded, failed, succeeded);
    await scene.until('pi_order', 'failed');
    await scene.untilQuiet();
    expect(await row('pi_order')).toMatchObject({ state: 'failed', reserved: 0 });
    const states = (await scene.results()).filter(({ actionId }) => actionId === 'action-pi_order').map(({ state }) => state);
    expect(states).toEqual(['sent', 'pending', 'failed']);
  });

  it('a provider that could not be asked for days is found to have paid, whatever it remembers of keys', async () => {
    stripe.pay('pi_late', 5_000);
    stripe.faults.push('silent-after');
    await start();
    await scene.order(refundOrder('stripe', 'pi_late'));
    await eventually(() => stripe.refunds.length === 1);
    stripe.deaf = true;
    stripe.skewMs = days(2);
    await scene.until('pi_late', 'unknown');
    stripe.deaf = false;
    await scene.until('pi_late', 'confirmed');
    expect(stripe.posts()).toBe(1);
    expect(stripe.refunded('pi_late')).toBe(2_000);
  });

  it('a process that was killed between the call and its record pays nothing twice, at any provider', async () => {
    stripe.pay('pi_killed', 5_000);
    adyen.pay('PSPKILLED0001', 5_000);
    paypal.pay('CAPTUREKILLED', '50.00');
    const killed = [
      ['pi_killed', 'confirmed', refundOrder('stripe', 'pi_killed')],
      ['PSPKILLED0001', 'pending', refundOrder('adyen', 'PSPKILLED0001')],
      ['CAPTUREKILLED', 'confirmed', refundOrder('paypal', 'CAPTUREKILLED')],
    ] as const;
    await start();
    await scene.order(...killed.map(([, , order]) => order));
    for (const [name, state] of killed) await scene.until(name, state);
    await scene.stopAll();
    await scene.pool.query(
      `UPDATE actuator.action SET state = 'sent', unanswered = true, reference = NULL, asks = 0, calls = 1, claimed_by = 'dead', next_ms = 0
       WHERE payment_id = ANY ($1)`,
      [killed.map(([name]) => name)],
    );
    await start();
    for (const [name, state] of killed) await scene.until(name, state);
    expect([stripe.refunded('pi_killed'), adyen.refunded('PSPKILLED0001'), paypal.refunded('CAPTUREKILLED')]).toEqual([
      2_000, 2_000, 2_000,
    ]);
    expect([stripe.refunds.length, adyen.modifications.length, paypal.refunds.length]).toEqual([1, 1, 1]);
  });

  it('a pending refund of which no webhook ever tells is asked about until it is settled', async () => {
    stripe.pay('pi_well', 5_000);
    stripe.pay('pi_ill', 5_000);
    stripe.firstStatus = 'pending';
    await start();
    await scene.order(refundOrder('stripe', 'pi_well'), refundOrder('stripe', 'pi_ill'));
    await scene.until('pi_well', 'pending');
    await scene.until('pi_ill', 'pending');
    stripe.refunds.find(({ payment_intent }) => payment_intent === 'pi_well')!.status = 'succeeded';
    stripe.fail(stripe.refunds.find(({ payment_intent }) => payment_intent === 'pi_ill')!);
    await scene.until('pi_well', 'confirmed');
    await scene.until('pi_ill', 'failed');
    expect((await row('pi_ill')).reserved).toBe(0);
  });

  it('a refund that fails after it succeeded is found without a webhook, and its money is free again', async () => {
    stripe.pay('pi_back', 5_000);
    await start();
    await scene.order(refundOrder('stripe', 'pi_back'));
    await scene.until('pi_back', 'confirmed');
    await watchAgain('pi_back');
    stripe.deaf = true;
    await watchAgain('pi_back');
    expect(await row('pi_back')).toMatchObject({ state: 'confirmed', reserved: 2_000 });
    stripe.deaf = false;
    stripe.fail(stripe.refunds[0]!);
    await watchAgain('pi_back');
    await scene.until('pi_back', 'failed');
    const steps = (await scene.results()).filter(({ actionId }) => actionId === 'action-pi_back');
    expect(steps.map(({ state }) => state)).toEqual(['sent', 'confirmed', 'failed']);
    expect((await row('pi_back')).reserved).toBe(0);
    const spent = await scene.pool.query(`SELECT 1 FROM actuator.budget_spent WHERE action_id = 'action-pi_back'`);
    expect(spent.rowCount).toBe(0);
  });

  it('a refund that an event tells to have failed has failed, although none ever told that it succeeded', async () => {
    stripe.pay('pi_told', 5_000);
    await start();
    await scene.order(refundOrder('stripe', 'pi_told'));
    await scene.until('pi_told', 'confirmed');
    await scene.tell(factsOf('pi_told', { provider: 'stripe', asOf: 2_000, failedRefundIds: [stripe.refunds[0]!.id] }));
    await scene.until('pi_told', 'failed');
    expect((await row('pi_told')).reserved).toBe(0);
  });

  it('a hold is released at the provider; freezes and payments of other providers go to the platform', async () => {
    stripe.pay('pi_hold', 5_000, 'eur', 'requires_capture');
    await start();
    await scene.order(
      voidOrder('stripe', 'pi_hold'),
      orderOf('other', { payment: factsOf('pay-other', { provider: 'elsewhere' }) }),
      refundOrder('stripe', 'pi_frozen', { kind: 'freeze' }),
    );
    await scene.until('pi_hold', 'confirmed');
    await scene.until('other', 'confirmed');
    await scene.until('pi_frozen', 'confirmed');
    expect(stripe.payments.get('pi_hold')?.status).toBe('canceled');
    expect([...scene.platform.effects.keys()].sort()).toEqual(['key-other', 'key-pi_frozen']);
    expect(stripe.refunds).toEqual([]);
  });

  it('credentials that do not work refuse nothing for good', async () => {
    stripe.pay('pi_locked', 5_000);
    await start({ MAKEWHOLE_ACTUATOR_STRIPE_SECRET_KEY: 'sk_test_wrong' });
    await scene.order(refundOrder('stripe', 'pi_locked'));
    await scene.until('pi_locked', 'sent');
    await eventually(async () => /401/.test((await row('pi_locked')).reason ?? ''));
    expect((await row('pi_locked')).state).toBe('sent');
    await scene.stopAll();
    await start();
    await scene.until('pi_locked', 'confirmed');
  });

  it('a provider that never answers delays nobody else', async () => {
    stripe.deaf = true;
    await start({ MAKEWHOLE_ACTUATOR_CALL_TIMEOUT_MS: '6s', MAKEWHOLE_ACTUATOR_IN_FLIGHT_MAX: '2' });
    await scene.order(refundOrder('stripe', 'pi_a'), refundOrder('stripe', 'pi_b'), refundOrder('stripe', 'pi_c'));
    await scene.until('pi_a', 'sent');
    await scene.order(orderOf('b'));
    await scene.until('b', 'confirmed');
    expect(stripe.refunds).toEqual([]);
  });
});
