// breaks: model-stands-alone
export { clean } from '#ledger/clean';
