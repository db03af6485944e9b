using System.Diagnostics;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;

namespace Faas.Sandbox.Tests.Clients;

/// <summary>A client of C# that NSwag makes of the server's document; tests/openapi/csharp is compiled with it.</summary>
public sealed class CSharpClientTests
{
    private const string Key = "admin-0123456789";

    [Fact]
    [TestLimit(300)]
    public async Task It_calls_every_operation()
    {
        await using var server = await FaasServer.StartAsync($"faas.http.api-keys = [\"root:admin:{Key}\"]");
        var folder = Repository.File("tests/openapi/csharp");
        Directory.CreateDirectory(Path.Combine(folder, "bin"));
        var document = await OpenApiDocument.FromJsonAsync(await server.Client.GetStringAsync("/openapi.json"));
        await File.WriteAllTextAsync(Path.Combine(folder, "bin", "FaasClient.cs"), Generate(document));

        await DotnetAsync("build", folder, "-c", "Release", "-v", "quiet");
        var program = Path.Combine(folder, "bin", "Release", "net10.0", "GeneratedClient.dll");
        var said = await DotnetAsync(program, server.Client.BaseAddress!.ToString().TrimEnd('/'), Key);

        Assert.Matches(@"^\d\d operations\n$", said);
    }

    private static string Generate(OpenApiDocument document)
    {
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "FaasClient",
            GenerateClientInterfaces = true,
            InjectHttpClient = true,
            UseBaseUrl = false,
            GenerateOptionalParameters = true,
        };
        settings.CSharpGeneratorSettings.Namespace = "Faas.GeneratedClient";
        settings.CSharpGeneratorSettings.JsonLibrary = CSharpJsonLibrary.NewtonsoftJson; // the other one ignores the names of enums
        settings.CSharpGeneratorSettings.GenerateNullableReferenceTypes = true;
        settings.CSharpGeneratorSettings.GenerateOptionalPropertiesAsNullable = true;
        return new CSharpClientGenerator(document, settings).GenerateFile();
    }

    private static async Task<string> DotnetAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var running = Process.Start(start)!;
        var said = string.Concat(await Task.WhenAll(running.StandardOutput.ReadToEndAsync(), running.StandardError.ReadToEndAsync()));
        await running.WaitForExitAsync();
        Assert.True(running.ExitCode == 0, said);
        return said;
    }
}
