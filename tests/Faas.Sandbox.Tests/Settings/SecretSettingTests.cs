using System.Net;
using System.Net.Http.Json;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>What each key under <c>faas.secrets</c> does.</summary>
public sealed class SecretSettingTests
{
    [Fact]
    [Proves("secrets.max")]
    [Proves("secrets.max-size")]
    [Proves("secrets.key-file")]
    public async Task They_bound_secrets_and_say_where_their_keys_are()
    {
        var folder = TestFolder.Create("faas-keys-");
        var file = Path.Combine(folder, "own", "keys");
        await using var server = await FaasServer.StartAsync(
            "faas.secrets { max = 1, max-size = 8 }", null, ("FAAS_SECRETS_KEY_FILE", file));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await WriteAsync(server, "A", "123456789"));
        Assert.Equal(HttpStatusCode.Created, await WriteAsync(server, "A", "12345678"));
        Assert.Equal(HttpStatusCode.Conflict, await WriteAsync(server, "B", "1"));
        Assert.True(File.Exists(file));
        Assert.False(File.Exists(Path.Combine(server.Folder, "data", "secrets.key")));
        await server.EndAsync();
        Directory.Delete(folder, true);
    }

    private static async Task<HttpStatusCode> WriteAsync(FaasServer server, string name, string value)
    {
        using var response = await server.Client.PutAsync(
            new Uri($"/api/v1/secrets/{name}", UriKind.Relative), JsonContent.Create(new { value }));
        return response.StatusCode;
    }
}
