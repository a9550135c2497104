// breaks: room-stream
export { clean } from '#ledger/clean';
