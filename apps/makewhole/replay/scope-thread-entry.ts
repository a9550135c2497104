import { parentPort, workerData } from 'node:worker_threads';
import type { Said } from '#apps/makewhole/replay/account-replay';
import { ScopeReplay } from '#apps/makewhole/replay/scope-replay';
import type { ScopeThreadAnswer, ScopeThreadData, ScopeThreadRequest } from '#apps/makewhole/replay/scope-thread';
import type { SlimRow } from '#apps/makewhole/replay/slim-piece';
import { scopeStageOf } from '#apps/makewhole/replay/stage';

/** What is told at once. */
const PIECE = 2_000;

/** The thread that `ScopeThread` starts. */
const { config, tellsScores } = workerData as ScopeThreadData;
const port = parentPort!;
const answer = (message: ScopeThreadAnswer): void => port.postMessage(message);
let said: Said[] = [];
let scores: object[] = [];

const tell = (): void => {
  answer({ type: 'told', said, scores });
  said = [];
  scores = [];
};
const tellSome = (): void => {
  if (said.length + scores.length >= PIECE) tell();
};

const replay = new ScopeReplay(
  () => scopeStageOf(config, tellsScores),
  {
    said: (one) => {
      said.push(one);
      tellSome();
    },
    score: (one) => {
      scores.push(one);
      tellSome();
    },
  },
  !tellsScores,
);

port.on('message', (request: ScopeThreadRequest) => {
  if ('rows' in request) {
    replay.take(JSON.parse(request.rows) as SlimRow[], request.rows);
    answer({ type: 'taken' });
    return;
  }
  replay.finish(request.until);
  tell();
  port.close();
});
