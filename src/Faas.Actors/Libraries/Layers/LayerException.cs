namespace Faas.Actors.Libraries.Layers;

/// <summary>An archive, or a folder, is no layer. The message says what is wrong with which file.</summary>
public sealed class LayerException(string message, Exception? inner = null) : Exception(message, inner);
