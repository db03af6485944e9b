namespace Faas.Sandbox.Tests.Clients;

/// <summary>A client of TypeScript that openapi-typescript makes of the server's document, and openapi-fetch sends.</summary>
public sealed class TypeScriptClientTests
{
    private const string Key = "admin-0123456789";

    [Fact]
    [TestLimit(300)]
    public async Task It_calls_every_operation_with_types_that_fit_and_gets_what_the_document_says()
    {
        await using var server = await FaasServer.StartAsync($"faas.http.api-keys = [\"root:admin:{Key}\"]");
        var made = Directory.CreateDirectory(Repository.File("tests/openapi/bin")).FullName;
        var document = Path.Combine(made, "openapi.json");
        await File.WriteAllBytesAsync(document, await server.Client.GetByteArrayAsync("/openapi.json"));

        await RunAsync("node_modules/openapi-typescript/bin/cli.js", document, "-o", Path.Combine(made, "api.d.ts"));
        await RunAsync("node_modules/typescript/bin/tsc", "-p", ".");
        var said = await RunAsync("client.ts", server.Client.BaseAddress!.ToString().TrimEnd('/'), Key, document);

        Assert.Matches(@"^\d\d operations\n$", said);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (status, said) = await OpenApiTools.RunAsync(program, arguments);
        Assert.True(status == 0, said);
        return said;
    }
}
