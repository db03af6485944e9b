using System.Text;
using System.Text.Json;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>An import whose server does not live to its end. The command line's own tests move scripts between servers.</summary>
[TestLimit(300)]
public sealed class MovingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_is_killed_while_it_imports_has_whole_scripts_only_and_a_second_import_does_the_rest(bool overTcp)
    {
        const int scripts = 2000;
        var archive = Archive(scripts);
        await using var redis = overTcp ? await RedisServer.StartAsync() : null;
        (string, string)[] environment = redis is null ? [] : redis.Environment;
        var server = await FaasServer.StartAsync("", null, environment);
        try
        {
            var importing = ImportAsync(server, archive);
            await Eventually.HoldsAsync(
                async () => await server.CountAsync() >= 20, TimeSpan.FromMinutes(1), () => "nothing is imported");
            await server.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => importing);
            await server.DisposeAsync();

            server = await FaasServer.StartAsync("", server.Folder, environment);
            var report = await ImportAsync(server, archive);

            Assert.Equal(0, report.GetProperty("refused").GetArrayLength());
            Assert.InRange(report.GetProperty("there").GetArrayLength(), 20, scripts - 1);
            Assert.Equal(scripts, report.GetProperty("there").GetArrayLength() + report.GetProperty("taken").GetArrayLength());
            Assert.All(
                report.GetProperty("taken").EnumerateArray(), taken => Assert.Equal(3, taken.GetProperty("versions").GetInt32()));
            Assert.Equal(scripts, (await ImportAsync(server, archive)).GetProperty("there").GetArrayLength());
            Assert.Equal("[7,2]", (await server.RunAsync("s7?version=2")).Data.Replace(" ", "", StringComparison.Ordinal));
            await server.EndAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static byte[] Archive(int scripts)
    {
        var archive = new StringBuilder("{\"archive\":\"faas\",\"form\":1}\n");
        for (var i = 0; i < scripts; i++)
        {
            archive.Append("{\"script\":\"s").Append(i).Append("\"}\n");
            for (var version = 1; version <= 3; version++)
            {
                archive.Append($"{{\"version\":{version},\"language\":\"python\",\"source\":\"return [{i}, {version}]\"}}\n");
            }

            archive.Append("{\"end\":\"s").Append(i).Append("\",\"versions\":3}\n");
        }

        return Encoding.UTF8.GetBytes(archive.Append($"{{\"scripts\":{scripts}}}\n").ToString());
    }

    private static async Task<JsonElement> ImportAsync(FaasServer server, byte[] archive)
    {
        using var content = new ByteArrayContent(archive);
        using var response = await server.Client.PostAsync(new Uri("/api/v1/import", UriKind.Relative), content);
        var report = await response.ReadAsync();
        Assert.True(response.IsSuccessStatusCode, report.ToString());
        return report;
    }
}

/// <summary>What these tests ask of a server.</summary>
internal static class MovingCalls
{
    /// <summary>How many scripts are listed, up to a page.</summary>
    public static async Task<int> CountAsync(this FaasServer server)
    {
        using var response = await server.Client.GetAsync(new Uri("/api/v1/scripts?limit=1000", UriKind.Relative));
        return (await response.ReadAsync()).GetProperty("scripts").GetArrayLength();
    }
}
