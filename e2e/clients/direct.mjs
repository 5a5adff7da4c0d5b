// A patched TDLib without any proxy: signs in and says who it is. Usage: LIBRARY NUMBER CODE FOLDER
import tdl from 'tdl';

const [library, number, code, folder] = process.argv.slice(2);
tdl.configure({ tdjson: library, verbosityLevel: 1 });
const client = tdl.createClient({ apiId: 1, apiHash: 'none', databaseDirectory: folder, filesDirectory: folder });
client.on('error', e => console.error('tdl', e));
await client.login(() => ({
  type: 'user',
  getPhoneNumber: async () => number,
  getAuthCode: async retry => {
    if (retry) throw new Error('wrong code');
    return code;
  },
}));
console.log((await client.invoke({ _: 'getMe' })).first_name);
await client.close();
