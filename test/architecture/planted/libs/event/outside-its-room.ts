// breaks: room-event
export { clean } from '#ledger/clean';
