package main

var scenes = []scene{}
