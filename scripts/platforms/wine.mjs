export async function wine() {
  return [{ name: 'wine', why: 'not written yet' }]
}
