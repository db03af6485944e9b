using System.Reflection;
using System.Text;
using Faas.Actors.Secrets;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Secrets;

/// <summary>The body of <c>PUT /api/v1/secrets/{name}</c>.</summary>
/// <param name="Value">The secret's value.</param>
/// <param name="Paths">The prefixes of the scripts that may use it; empty: every script.</param>
public sealed record SecretRequest(string Value, IReadOnlyList<string> Paths) : IEndpointParameterMetadataProvider
{
    private const string ValueOf = "value", PathsOf = "paths";

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RequestContent(typeof(SecretContent)));

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>, which never shows the value.</summary>
    public static async ValueTask<SecretRequest> BindAsync(HttpContext context)
    {
        var body = await BodyObject.ReadAsync(context, ValueOf, PathsOf);
        var value = body.Text(ValueOf) ?? throw ProblemException.Malformed($"\"{ValueOf}\" is missing.");
        var most = context.RequestServices.GetRequiredService<SecretOptions>().MostBytes;
        return Encoding.UTF8.GetByteCount(value) is var bytes && bytes > most
            ? throw new ProblemException(FaasProblems.TooLarge(
                $"\"{ValueOf}\" has {bytes} bytes; allowed are {most} (faas.secrets.max-size)."))
            : value.Length == 0 ? throw ProblemException.Malformed($"\"{ValueOf}\" is empty.")
            : value.Contains('\0') ? throw ProblemException.Malformed($"\"{ValueOf}\" contains a NUL character.")
            : new SecretRequest(value, body.Prefixes(PathsOf));
    }

    /// <summary>Without the value.</summary>
    public override string ToString() => $"a secret for {(Paths.Count == 0 ? "every script" : string.Join(", ", Paths))}";
}

/// <summary>The body of <c>POST /api/v1/secrets/rotate</c>.</summary>
/// <param name="NewKey">Whether the server makes a key; false: the first one of the key file is the new one.</param>
public sealed record RotateRequest(bool NewKey = true) : IEndpointParameterMetadataProvider
{
    private const string NewKeyOf = "newKey";

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RequestContent(typeof(RotateRequest)));

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static async ValueTask<RotateRequest> BindAsync(HttpContext context) =>
        new((await BodyObject.ReadOptionalAsync(context, NewKeyOf)).Flag(NewKeyOf) ?? true);
}

/// <summary>A secret's value, and which scripts may use it.</summary>
/// <remarks>In the shape of the body; the API's description is made from it.</remarks>
/// <param name="Value">The secret's value.</param>
/// <param name="Paths">The prefixes of the scripts that may use it; left out: every script.</param>
public sealed record SecretContent(string Value, IReadOnlyList<string>? Paths);
