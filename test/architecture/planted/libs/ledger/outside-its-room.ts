// breaks: room-ledger
export { clean } from '#detection/clean';
