using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Faas.Sandbox.Tests.Upgrade;

/// <summary>
/// What earlier versions have stored, under today's server: the embedded store's folder as each left it, and beside it
/// what its uploads were answered and what each version returns. docs/operations.md says how one is made.
/// </summary>
public sealed class GoldenStoreTests
{
    private const string Folder = "tests/Faas.Sandbox.Tests/Upgrade/Golden";

    /// <summary>The versions of the server that have left one, the oldest first.</summary>
    public static TheoryData<string> Writers => ["first", "second"];

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task The_embedded_folder_of_an_earlier_version_is_read_to_the_last_version(string writer)
    {
        var golden = Golden.Of(writer);
        var folder = TestFolder.Create("faas-golden-");
        golden.CopyTo(Directory.CreateDirectory(Path.Combine(folder, "data", "redis", "appendonlydir")).FullName);

        await using var server = await FaasServer.StartAsync("", folder);
        await golden.IsWholeAsync(server);
        await golden.GoesOnAsync(server);
        await server.EndAsync();
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task What_an_earlier_version_told_a_redis_server_is_read_and_goes_on(string writer)
    {
        var golden = Golden.Of(writer);
        await using var redis = await RedisServer.StartAsync();
        await golden.TellAsync(redis);

        await using var server = await FaasServer.StartAsync(
            "", null, [.. redis.Environment.Where(variable => variable.Name != "REDIS_DB"), ("REDIS_DB", "0")]);
        await golden.GoesOnAsync(server);
        await server.EndAsync();
    }

    /// <summary>One such folder.</summary>
    private sealed class Golden
    {
        private const string Commands = "appendonly.aof.1.incr.aof";
        private readonly string _files;
        private readonly List<Version> _versions;

        private Golden(string folder)
        {
            _files = Path.Combine(folder, "appendonlydir");
            _versions = JsonSerializer.Deserialize<List<Version>>(
                File.ReadAllText(Path.Combine(folder, "versions.json")), JsonSerializerOptions.Web)!;
        }

        public static Golden Of(string writer) => new(Repository.File($"{Folder}/{writer}"));

        public void CopyTo(string folder)
        {
            foreach (var file in Directory.GetFiles(_files))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }
        }

        /// <summary>An append-only file is the commands that were sent: they are sent again.</summary>
        public async Task TellAsync(RedisServer redis)
        {
            var commands = await File.ReadAllBytesAsync(Path.Combine(_files, Commands));
            using var client = new TcpClient("127.0.0.1", redis.Port);
            await using var wire = client.GetStream();
            await wire.WriteAsync((byte[])[.. Command("AUTH", RedisServer.Password), .. commands, .. Command("ECHO", "told")]);
            using var answers = new StreamReader(wire, Encoding.Latin1);
            string? answer;
            do
            {
                answer = await answers.ReadLineAsync();
                Assert.False(answer is null or ['-', ..], $"redis-server answered {answer}");
            }
            while (answer != "told");
        }

        /// <summary>Each version is there.</summary>
        public async Task IsWholeAsync(FaasServer server)
        {
            foreach (var (path, version, _, data) in _versions)
            {
                var reply = await server.RunAsync($"{Url(path)}?version={version}");
                Assert.True(reply.Status == HttpStatusCode.OK
                    && JsonElement.DeepEquals(data, reply.Body.GetProperty("data")), $"{path} {version}: {reply}");
            }
        }

        /// <summary>The latest of each path is that which it was, and the next is later.</summary>
        public async Task GoesOnAsync(FaasServer server)
        {
            foreach (var path in _versions.GroupBy(version => version.Path))
            {
                var latest = path.Last();
                Assert.True(
                    JsonElement.DeepEquals(latest.Data, (await server.RunAsync(Url(path.Key))).Body.GetProperty("data")),
                    $"The latest of {path.Key} is another.");
                Assert.True(
                    await server.UploadAsync(path.Key, latest.Language, "return 'new'") > path.Max(version => version.Number),
                    $"{path.Key} goes back in time.");
            }
        }

        private static byte[] Command(params string[] words) =>
            Encoding.ASCII.GetBytes($"*{words.Length}\r\n{string.Concat(words.Select(word => $"${word.Length}\r\n{word}\r\n"))}");

        private static string Url(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

        private sealed record Version(
            string Path,
            [property: System.Text.Json.Serialization.JsonPropertyName("version")] long Number,
            string Language,
            JsonElement Data);
    }
}
