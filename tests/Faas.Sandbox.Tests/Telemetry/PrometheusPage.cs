using System.Globalization;
using System.Text.RegularExpressions;

namespace Faas.Sandbox.Tests.Telemetry;

/// <summary>A page of metrics as Prometheus reads it.</summary>
public sealed partial class PrometheusPage
{
    private readonly List<(string Name, Dictionary<string, string> Labels, double Value)> _samples = [];

    private PrometheusPage(string text)
    {
        Text = text;
        foreach (Match sample in Sample().Matches(text))
        {
            var labels = Label().Matches(sample.Groups["labels"].Value)
                .ToDictionary(label => label.Groups["name"].Value, label => label.Groups["value"].Value);
            _samples.Add((sample.Groups["name"].Value, labels, double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>The page itself.</summary>
    public string Text { get; }

    /// <summary>The names of the samples, those of a histogram's parts included.</summary>
    public IReadOnlySet<string> Names => _samples.Select(sample => sample.Name).ToHashSet();

    /// <summary>The page of a server now.</summary>
    public static async Task<PrometheusPage> OfAsync(FaasServer server) =>
        new(await server.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative)));

    /// <summary>
    /// The sum of the samples of this name that have these labels, each <c>name=value</c>; an empty value: without that label.
    /// </summary>
    public double Sum(string name, params string[] labels) => _samples
        .Where(sample => sample.Name == name && labels.All(label => Has(sample.Labels, label)))
        .Sum(sample => sample.Value);

    private static bool Has(Dictionary<string, string> labels, string label) =>
        label.Split('=', 2) is [var name, var value] && (labels.GetValueOrDefault(name) ?? "") == value;

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][\w:]*)(\{(?<labels>.*)\})? (?<value>\S+)", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"(?<name>\w+)=""(?<value>[^""]*)""")]
    private static partial Regex Label();
}
