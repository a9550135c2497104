// breaks: app-detector
export { clean } from '../actuator/clean';
