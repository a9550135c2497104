// breaks: room-simulator
export { clean } from '#ledger/clean';
