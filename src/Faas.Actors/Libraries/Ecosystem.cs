using System.Text.Json.Serialization;
using Faas.Actors.Json;

namespace Faas.Actors.Libraries;

/// <summary>Where libraries of a language are published.</summary>
[JsonConverter(typeof(WireNameConverter<Ecosystem>))]
public enum Ecosystem
{
    /// <summary>JavaScript and TypeScript.</summary>
    [JsonStringEnumMemberName("npm")]
    Npm,

    /// <summary>Python.</summary>
    [JsonStringEnumMemberName("pypi")]
    PyPi,
}
