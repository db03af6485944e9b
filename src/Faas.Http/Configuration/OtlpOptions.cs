using Faas.Actors.Configuration;

namespace Faas.Http.Configuration;

/// <summary>
/// Where traces, metrics and logs are sent, by the environment variables that OpenTelemetry has standardized. Nothing is sent without an
/// endpoint. The variables that are not checked here are the SDK's own to read.
/// </summary>
/// <param name="Variables">All variables whose name begins with <c>OTEL_</c>.</param>
public sealed record OtlpOptions(IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>How the names of the variables begin.</summary>
    public const string Prefix = "OTEL_";

    private const string Exporter = "OTEL_EXPORTER_OTLP_";
    private static readonly string[] s_signals = ["TRACES", "METRICS", "LOGS"];

    /// <summary>No exporter.</summary>
    public static OtlpOptions None { get; } = new(new Dictionary<string, string>());

    /// <summary>Whether traces are sent.</summary>
    public bool Traces => IsOn("TRACES");

    /// <summary>Whether metrics are sent.</summary>
    public bool Metrics => IsOn("METRICS");

    /// <summary>Whether logs are sent.</summary>
    public bool Logs => IsOn("LOGS");

    /// <summary>The endpoint of one signal alone, which is used as it is; null: it has none of its own.</summary>
    /// <param name="signal"><c>TRACES</c>, <c>METRICS</c> or <c>LOGS</c>.</param>
    public Uri? EndpointOf(string signal) => Variables.GetValueOrDefault($"{Exporter}{signal}_ENDPOINT") is { } own ? new Uri(own) : null;

    /// <summary>A setting of one signal alone; null: it has none of its own.</summary>
    /// <param name="signal"><c>TRACES</c>, <c>METRICS</c> or <c>LOGS</c>.</param>
    /// <param name="name">For example <c>HEADERS</c>.</param>
    public string? Of(string signal, string name) => Variables.GetValueOrDefault($"{Exporter}{signal}_{name}");

    /// <summary>Checks the variables; throws <see cref="SettingException"/>.</summary>
    public static OtlpOptions From(IReadOnlyDictionary<string, string> variables)
    {
        foreach (var signal in (string[])["", .. s_signals.Select(signal => $"{signal}_")])
        {
            Check(variables, $"{Exporter}{signal}ENDPOINT", IsUrl, "an absolute URL that begins with http:// or https://");
            Check(variables, $"{Exporter}{signal}PROTOCOL", value => value is "grpc" or "http/protobuf", "grpc or http/protobuf");
        }

        foreach (var signal in s_signals)
        {
            Check(variables, $"{Prefix}{signal}_EXPORTER", value => value is "otlp" or "none", "otlp or none");
        }

        return new OtlpOptions(variables);
    }

    private static void Check(IReadOnlyDictionary<string, string> variables, string name, Predicate<string> isValid, string allowed)
    {
        if (variables.TryGetValue(name, out var value) && !isValid(value))
        {
            throw new SettingException(name, value, allowed);
        }
    }

    private static bool IsUrl(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);

    private bool IsOn(string signal) =>
        !string.Equals(Variables.GetValueOrDefault("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
        && Variables.GetValueOrDefault($"{Prefix}{signal}_EXPORTER") != "none"
        && (Variables.ContainsKey($"{Exporter}ENDPOINT") || Variables.ContainsKey($"{Exporter}{signal}_ENDPOINT"));
}
