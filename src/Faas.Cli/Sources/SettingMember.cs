using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Faas.Actors.Configuration;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Sources;

/// <summary>A member by which a file says a setting. Its reading throws <see cref="CliException"/>.</summary>
/// <param name="File">The file.</param>
/// <param name="Name">The setting.</param>
/// <param name="Value">Its value.</param>
internal readonly record struct SettingMember(string File, string Name, JsonNode Value)
{
    /// <summary>A text.</summary>
    public string Text() => As<string>("a text");

    /// <summary>A whole number.</summary>
    public int Count() => As<int>("a whole number");

    /// <summary>A number.</summary>
    public double Number()
    {
        const string allowed = "a number";
        return As<double>(allowed) is var number && double.IsFinite(number) ? number : throw Wrong(allowed);
    }

    /// <summary>True or false.</summary>
    public bool Flag() => As<bool>("true or false");

    /// <summary>A duration.</summary>
    public TimeSpan Duration()
    {
        const string allowed = "a number of seconds, or a text with a unit such as 250ms, 30s, 5m, 1h";
        var longest = TimeSpan.MaxValue.TotalSeconds / 2;
        return Value.GetValueKind() == JsonValueKind.Number
            ? As<double>(allowed) is var seconds && Math.Abs(seconds) <= longest ? TimeSpan.FromSeconds(seconds) : throw Wrong(allowed)
            : DurationText.TryParse(As<string>(allowed), out var duration) ? duration
            : throw Wrong(allowed);
    }

    /// <summary>A size in bytes.</summary>
    public long Size()
    {
        const string allowed = "a number of bytes, or a text with a unit such as 512k, 64M, 1.5G";
        return Value.GetValueKind() == JsonValueKind.Number ? As<long>(allowed)
            : SizeText.TryParse(As<string>(allowed), out var bytes) && bytes < long.MaxValue ? (long)bytes
            : throw Wrong(allowed);
    }

    /// <summary>Texts with names.</summary>
    public IReadOnlyDictionary<string, string> Texts()
    {
        const string allowed = "an object of texts";
        var texts = new Dictionary<string, string>();
        foreach (var (name, value) in Value as JsonObject ?? throw Wrong(allowed))
        {
            texts[name] = Is<string>(value) ?? throw Wrong(allowed);
        }

        return texts;
    }

    /// <summary>Names.</summary>
    public IReadOnlyList<string> Names()
    {
        const string allowed = "an array of names";
        var names = new List<string>();
        foreach (var value in Value as JsonArray ?? throw Wrong(allowed))
        {
            names.Add(Is<string>(value) ?? throw Wrong(allowed));
        }

        return names;
    }

    /// <summary>Hosts by names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Hosts()
    {
        const string allowed = "an object with an array of hosts for each secret, {\"API_KEY\": [\"api.example.com:80\"]}";
        var hosts = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (name, value) in Value as JsonObject ?? throw Wrong(allowed))
        {
            var texts = (value as JsonArray ?? throw Wrong(allowed)).Select(Is<string>).ToList();
            hosts[name] = texts.Contains(null) ? throw Wrong(allowed) : [.. texts.OfType<string>()];
        }

        return hosts;
    }

    /// <summary>What may be reached.</summary>
    public NetworkSetting Network()
    {
        const string allowed = "an object with an array of hosts, {\"allow\": [\"api.example.com:443\"]}";
        if (Value is not JsonObject { Count: 1 } value || value["allow"] is not JsonArray hosts)
        {
            throw Wrong(allowed);
        }

        return new NetworkSetting([.. hosts.Select(Is<string>).Select(host => host ?? "")]) is var network && !network.Allow.Contains("")
            ? network
            : throw Wrong(allowed);
    }

    /// <summary>When a run is started again.</summary>
    public RetryPolicy Retry()
    {
        const string allowed = "an object with \"attempts\", and perhaps \"on\", \"delay\" and \"maxDelay\"";
        if (Value is not JsonObject value
            || value["attempts"] is not JsonValue count
            || !count.TryGetValue<int>(out var attempts)
            || value.Any(member => member.Key is not ("attempts" or "on" or "delay" or "maxDelay")))
        {
            throw Wrong(allowed);
        }

        var file = File;
        return new RetryPolicy(attempts)
        {
            On = Inner("on")?.Names(),
            Delay = Inner("delay")?.Duration(),
            MaxDelay = Inner("maxDelay")?.Duration(),
        };

        SettingMember? Inner(string name) => value[name] is { } inner ? new SettingMember(file, $"retry.{name}", inner) : null;
    }

    /// <summary>How many records of runs are kept, and for how long.</summary>
    public RunRetention Retention()
    {
        const string allowed = "an object with a whole number, an age or both, {\"count\": 100, \"age\": \"7d\"}";
        if (Value is not JsonObject value || value.Any(member => member.Key is not ("count" or "age")))
        {
            throw Wrong(allowed);
        }

        return new RunRetention(
            value["count"] is { } count ? Is<int?>(count) ?? throw Wrong(allowed) : null,
            value["age"] switch
            {
                null => null,
                var age when Is<double?>(age) is { } seconds && Math.Abs(seconds) < 1e9 => TimeSpan.FromSeconds(seconds),
                var age when Is<string>(age) is [.. var days, 'd'] && TryParse(days, out var number) => TimeSpan.FromDays(number),
                var age when Is<string>(age) is { } text && DurationText.TryParse(text, out var parsed) => parsed,
                _ => throw Wrong(allowed),
            });
    }

    /// <summary>A JSON object.</summary>
    public JsonObject Object() => Value is JsonObject value ? value.DeepClone().AsObject() : throw Wrong("a JSON object");

    private static bool TryParse(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && number < 1e6;

    private T As<T>(string allowed) => Value is JsonValue value && value.TryGetValue<T>(out var read) ? read : throw Wrong(allowed);

    private static T? Is<T>(JsonNode? node) => node is JsonValue value && value.TryGetValue<T>(out var read) ? read : default;

    private CliException Wrong(string allowed) =>
        CliException.Usage($"{File}: \"{Name}\" is {JsonLayout.Of(Value, indented: false)}; allowed is {allowed}.");
}
