// breaks: room-detection
export { clean } from '#case/clean';
