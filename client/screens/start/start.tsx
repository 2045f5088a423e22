import { useText } from '#client/design/language.tsx';
export default function Start() {
  return <main>{useText()('start.where')}</main>;
}
